import { Maximize } from 'lucide-react';
import { useRef } from 'react';
import type { Person } from './call';
import styles from './CallGrid.module.css';
import { Video } from './Video';

/** What someone shows, as large as it goes. */
export function ScreenTile({ person }: { person: Person }) {
  const figure = useRef<HTMLElement>(null);
  const { name, socketId } = person.participant;
  return (
    <figure ref={figure} className={styles.screen}>
      <Video
        track={person.remote.tracks.screen}
        data-testid="remote-video"
        data-socket-id={socketId}
        data-slot="screen"
        aria-label={`Screen of ${name}`}
      />
      <figcaption>
        <span>{name} shares the screen</span>
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
