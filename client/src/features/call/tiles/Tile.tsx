import { useRef, type CSSProperties, type ReactNode } from 'react';
import { Hand, MicOff, MonitorUp } from 'lucide-react';
import { Avatar, cx, isolated } from '../../../ui';
import type { Call, RemoteParticipant } from '../call';
import { effectiveMedia } from '../media/muting';
import type { FloatingReaction } from './reactions';
import { QualityIndicator } from './QualityIndicator';
import { linkStatusText } from './linkStatusText';
import styles from './Tile.module.css';
import { TileMenu } from './TileMenu';
import { useShownHeight } from './useShownHeight';
import { Video } from './Video';
import type { Participant } from '../../../protocol';

interface Place {
  size: CSSProperties | undefined;
  small: boolean;
  speaking: boolean;
  reactions: readonly FloatingReaction[] | undefined;
}

/** One of the others. */
export function PersonTile({
  call,
  person,
  pinned,
  onPin,
  ...place
}: {
  call: Call;
  person: RemoteParticipant;
  pinned: boolean;
  onPin: () => void;
} & Place) {
  const video = useRef<HTMLVideoElement>(null);
  const { participant, remote } = person;
  const { socketId } = participant;
  const media = effectiveMedia(participant);
  const { phase, tracks } = remote;
  useShownHeight(call, { socketId, picture: 'camera' }, video);
  return (
    <Tile
      {...place}
      participant={participant}
      picture={media.video && phase !== 'connecting'}
      label={participant.name}
      mark={phase === 'connected' && <QualityIndicator remote={remote} />}
      statusText={linkStatusText(remote, place.small)}
      menu={<TileMenu call={call} person={person} video={video} pinned={pinned} onPin={onPin} />}
    >
      <Video
        track={tracks.camera}
        video={video}
        className={styles.video}
        data-testid="remote-video"
        data-socket-id={socketId}
        data-slot="camera"
      />
    </Tile>
  );
}

/** Oneself, as in a mirror. */
export function SelfTile({
  self,
  track,
  ...place
}: { self: Participant; track: MediaStreamTrack | null } & Place) {
  return (
    <Tile
      {...place}
      participant={self}
      picture={track !== null}
      label={`${isolated(self.name)} (you)`}
    >
      <Video
        track={track}
        className={cx(styles.video, styles.mirrored)}
        data-testid="local-video"
      />
    </Tile>
  );
}

function Tile({
  participant,
  picture,
  label,
  mark,
  statusText,
  menu,
  size,
  small,
  speaking,
  reactions,
  children,
}: Place & {
  participant: Participant;
  picture: boolean;
  label: string;
  /** How well they come through. */
  mark?: ReactNode;
  menu?: ReactNode;
  statusText?: string | undefined;
  children: ReactNode;
}) {
  const { name, userId, muted } = participant;
  const media = effectiveMedia(participant);
  const silenced = muted.includes('audio');
  const heard = speaking && media.audio;
  return (
    <li
      className={cx(styles.tile, heard && styles.speaking)}
      style={size}
      data-picture={picture}
      data-speaking={heard}
    >
      {children}
      {!picture && (
        <div className={styles.face}>
          <Avatar name={name} seed={userId} size={small ? 44 : 88} />
        </div>
      )}
      {statusText !== undefined && (
        <p className={styles.standing} role="status">
          {statusText}
        </p>
      )}
      {participant.handRaised && (
        <span className={styles.hand} title="Hand raised">
          <Hand size={small ? 16 : 20} aria-hidden />
          <span className="visually-hidden">Hand raised:</span>
        </span>
      )}
      {menu}
      <div className={styles.reactions} role="status">
        {reactions?.map(({ id, emoji }) => (
          <span key={id} style={{ left: `${20 + ((id * 37) % 60)}%` }}>
            <span aria-hidden>{emoji}</span>
            <span className="visually-hidden">
              <bdi>{name}</bdi> reacts: {emoji}
            </span>
          </span>
        ))}
      </div>
      <div className={styles.label}>
        {!media.audio && (
          <span className={styles.muted} title={silenced ? 'Muted by a moderator' : undefined}>
            <MicOff size={14} aria-hidden />
            <span className="visually-hidden">
              {silenced ? 'Muted by a moderator:' : 'Microphone off:'}
            </span>
          </span>
        )}
        <span className={styles.name} dir="auto">
          {label}
        </span>
        {media.screen && (
          <span title="Shares the screen">
            <MonitorUp size={14} aria-hidden />
            <span className="visually-hidden">shares the screen</span>
          </span>
        )}
        {mark}
      </div>
    </li>
  );
}
