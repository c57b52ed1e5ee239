import { useCallback, useState } from 'react';
import { Volume2 } from 'lucide-react';
import { useStore } from 'zustand';
import { Button, cx } from '../../ui';
import type { Call } from './call';
import styles from './CallGrid.module.css';
import { arrange } from './layout';
import { heardMedia } from './muting';
import { ScreenTile } from './ScreenTile';
import { Sounds } from './Sound';
import { PersonTile, SelfTile } from './Tile';
import { useSize } from './useSize';

/** Faces and shared screens. `compact` lays the faces in a strip, with something else in the middle. */
export function CallGrid({ call, compact = false }: { call: Call; compact?: boolean }) {
  const { self, others, speaking, soundOnly, mutedByBrowser, reactions } = useStore(call.state);
  const camera = useStore(call.media.state, (state) => state.camera.track);
  const [measure, { width, height }] = useSize();
  const [retry, setRetry] = useState(0);
  const heldBack = useCallback(() => call.soundHeldBack(true), [call]);

  const presenter = others.find(({ participant }) => heardMedia(participant).screen);
  const people = others.length + (self ? 1 : 0);
  const layout = arrange({ people, sharing: presenter !== undefined, compact, width, height });
  const tile = layout.kind === 'grid' ? layout.tiles : layout.tile;
  const size = { width: tile.width, height: tile.height };
  const small = tile.width < 260 || tile.height < 170;
  const focus = layout.kind === 'focus' ? presenter : undefined;

  return (
    <section className={styles.call} aria-label="Call">
      <Sounds call={call} retry={retry} onHeldBack={heldBack} />
      {soundOnly && !compact && (
        <p className={styles.note}>
          More than eight people are here, so cameras rest and everyone can be heard.
        </p>
      )}
      <div
        ref={measure}
        className={cx(styles.place, layout.kind === 'focus' && styles.focus)}
        data-along={layout.kind === 'grid' ? undefined : layout.along}
      >
        {width > 0 && (
          <>
            {focus && <ScreenTile person={focus} />}
            <ul
              className={layout.kind === 'grid' ? styles.grid : styles.strip}
              data-along={layout.kind === 'grid' ? undefined : layout.along}
              aria-label="People in the call"
              style={
                layout.kind === 'grid'
                  ? { maxWidth: layout.tiles.columns * (size.width + 8) }
                  : undefined
              }
            >
              {self && (
                <SelfTile
                  self={self}
                  track={camera}
                  size={size}
                  small={small}
                  speaking={speaking.has(self.socketId)}
                  reactions={reactions.get(self.socketId)}
                />
              )}
              {others.map((person) => (
                <PersonTile
                  key={person.participant.socketId}
                  person={person}
                  size={size}
                  small={small}
                  speaking={speaking.has(person.participant.socketId)}
                  reactions={reactions.get(person.participant.socketId)}
                />
              ))}
            </ul>
          </>
        )}
      </div>
      {mutedByBrowser && (
        <div className={styles.hear}>
          <Button
            onClick={() => {
              call.soundHeldBack(false);
              setRetry(retry + 1);
            }}
          >
            <Volume2 size={18} aria-hidden /> Click to hear
          </Button>
        </div>
      )}
    </section>
  );
}
