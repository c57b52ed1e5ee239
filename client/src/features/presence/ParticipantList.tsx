import { useMemo, type ReactNode } from 'react';
import { Hand, Mic, MicOff, MonitorUp, TriangleAlert, Video, VideoOff } from 'lucide-react';
import { useStore } from 'zustand';
import type { Participant, Role, RoomMember } from '../../protocol';
import { Avatar } from '../../ui';
import { absentOf, effectiveMedia, sortedForList } from './participants';
import type { Presence } from './presence';
import styles from './ParticipantList.module.css';

const roleNames: Partial<Record<Role, string>> = {
  owner: 'Owner',
  mod: 'Moderator',
  guest: 'Guest',
};

/** Who is here, and the members who are not. `menu` gives what can be done with someone. */
export function ParticipantList({
  presence,
  members,
  menu,
}: {
  presence: Presence;
  members: readonly RoomMember[];
  menu: (person: Participant | RoomMember) => ReactNode;
}) {
  const { participants, you } = useStore(presence.store);
  const people = useMemo(() => sortedForList(participants, you), [participants, you]);
  const absent = useMemo(() => absentOf(members, participants), [members, participants]);
  return (
    <>
      <ul className={styles.list} aria-label="People in this room">
        {people.map((person) => (
          <Row
            key={person.socketId}
            person={person}
            isYou={person.socketId === you}
            menu={menu(person)}
          />
        ))}
      </ul>
      {absent.length > 0 && (
        <>
          <h3 className={styles.heading}>Not here now</h3>
          <ul className={styles.list} aria-label="Members who are not here">
            {absent.map((member) => (
              <li key={member.userId} className={styles.row}>
                <span className={styles.away}>
                  <Avatar name={member.name} seed={member.userId} size={36} />
                </span>
                <Who name={member.name} role={member.role} isYou={false} />
                <span className={styles.menu}>{menu(member)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Who({
  name,
  role,
  isYou,
  alike = false,
}: {
  name: string;
  role: Role;
  isYou: boolean;
  /** Whether a moderator of this room has a name that looks the same. */
  alike?: boolean | undefined;
}) {
  return (
    <div className={styles.who}>
      <span className={styles.name}>
        <span className={styles.nameText} dir="auto">
          {name}
        </span>
        {isYou && <span className={styles.you}>you</span>}
      </span>
      {alike && (
        <span className={styles.alike}>
          <TriangleAlert size={13} aria-hidden /> Not the moderator of this name
        </span>
      )}
      {roleNames[role] && (
        <span className={styles.role} data-role={role}>
          {roleNames[role]}
        </span>
      )}
    </div>
  );
}

function Row({ person, isYou, menu }: { person: Participant; isYou: boolean; menu: ReactNode }) {
  const { audio, video, screen } = effectiveMedia(person);
  const muted = person.muted.includes('audio');
  return (
    <li className={styles.row}>
      <Avatar name={person.name} seed={person.userId} size={36} />
      <Who name={person.name} role={person.role} isYou={isYou} alike={person.resemblesModerator} />
      <div className={styles.media}>
        {person.handRaised && <Sign on label="Hand raised" Icon={Hand} />}
        {screen && <Sign on label="Shares the screen" Icon={MonitorUp} />}
        <Sign
          on={audio}
          label={audio ? 'Microphone on' : muted ? 'Muted by a moderator' : 'Muted'}
          Icon={audio ? Mic : MicOff}
        />
        <Sign
          on={video}
          label={video ? 'Camera on' : 'Camera off'}
          Icon={video ? Video : VideoOff}
        />
      </div>
      <span className={styles.menu}>{menu}</span>
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
