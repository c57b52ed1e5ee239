import { Maximize } from 'lucide-react';
import { useRef } from 'react';
import type { Call, RemoteParticipant } from '../call';
import styles from './CallGrid.module.css';
import { TileMenu } from './TileMenu';
import { useShownHeight } from './useShownHeight';
import { Video } from './Video';
import { isolated } from '../../../ui';

/** What someone shows, as large as it goes. */
export function ScreenTile({
  call,
  person,
  pinned,
  onPin,
}: {
  call: Call;
  person: RemoteParticipant;
  pinned: boolean;
  onPin: () => void;
}) {
  const video = useRef<HTMLVideoElement>(null);
  const figure = useRef<HTMLElement>(null);
  const { name, socketId } = person.participant;
  useShownHeight(call, { socketId, picture: 'screen' }, video);
  return (
    <figure ref={figure} className={styles.screen}>
      <Video
        track={person.remote.tracks.screen}
        video={video}
        data-testid="remote-video"
        data-socket-id={socketId}
        data-slot="screen"
        aria-label={`Screen of ${isolated(name)}`}
      />
      <TileMenu call={call} person={person} video={video} pinned={pinned} onPin={onPin} />
      <figcaption>
        <span>
          <bdi>{name}</bdi> shares the screen
        </span>
        <button
          type="button"
          aria-label="Full screen"
          title="Full screen"
          onClick={() => {
            if (document.fullscreenElement) void document.exitFullscreen();
            // Phones without it still show the tile.
            else void figure.current?.requestFullscreen().catch(() => undefined);
          }}
        >
          <Maximize size={18} aria-hidden />
        </button>
      </figcaption>
    </figure>
  );
}
