import { useMemo } from 'react';
import { Hand, Mic, MicOff, MonitorUp, Video, VideoOff } from 'lucide-react';
import { useStore } from 'zustand';
import type { Participant, Role } from '../../protocol';
import { Avatar } from '../../ui';
import { listed } from './participants';
import type { Presence } from './presence';
import styles from './ParticipantList.module.css';

const roleNames: Partial<Record<Role, string>> = {
  owner: 'Owner',
  mod: 'Moderator',
  guest: 'Guest',
};

export function ParticipantList({ presence }: { presence: Presence }) {
  const { participants, you } = useStore(presence.store);
  const people = useMemo(() => listed(participants, you), [participants, you]);
  return (
    <ul className={styles.list} aria-label="People in this room">
      {people.map((person) => (
        <Row key={person.socketId} person={person} isYou={person.socketId === you} />
      ))}
    </ul>
  );
}

function Row({ person, isYou }: { person: Participant; isYou: boolean }) {
  const { audio, video, screen } = person.media;
  return (
    <li className={styles.row}>
      <Avatar name={person.name} seed={person.userId} size={36} />
      <div className={styles.who}>
        <span className={styles.name}>
          <span className={styles.nameText}>{person.name}</span>
          {isYou && <span className={styles.you}>you</span>}
        </span>
        {roleNames[person.role] && (
          <span className={styles.role} data-role={person.role}>
            {roleNames[person.role]}
          </span>
        )}
      </div>
      <div className={styles.media}>
        {person.handRaised && <Sign on label="Hand raised" Icon={Hand} />}
        {screen && <Sign on label="Shares the screen" Icon={MonitorUp} />}
        <Sign on={audio} label={audio ? 'Microphone on' : 'Muted'} Icon={audio ? Mic : MicOff} />
        <Sign
          on={video}
          label={video ? 'Camera on' : 'Camera off'}
          Icon={video ? Video : VideoOff}
        />
      </div>
    </li>
  );
}

function Sign({ on, label, Icon }: { on: boolean; label: string; Icon: typeof Mic }) {
  return (
    <span className={on ? styles.on : styles.off} title={label}>
      <Icon size={18} aria-hidden />
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
