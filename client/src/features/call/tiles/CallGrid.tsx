import { useCallback, useState } from 'react';
import { Volume2 } from 'lucide-react';
import { useStore } from 'zustand';
import { Button, cx } from '../../../ui';
import type { Call, RemoteParticipant } from '../call';
import styles from './CallGrid.module.css';
import { arrange, perPage } from './layout';
import { effectiveMedia } from '../media/muting';
import { ScreenTile } from './ScreenTile';
import { RemoteAudio } from './RemoteAudio';
import { focusOf, pageOf, type Focus, type View } from './focus';
import { PersonTile, SelfTile } from './Tile';
import { useSize } from './useSize';
import { ViewBar } from './ViewBar';

/** Faces and shared screens. `compact` lays the faces in a strip, with something else in the middle. */
export function CallGrid({ call, compact = false }: { call: Call; compact?: boolean }) {
  const { self, others, speaking, speaker, soundOnly, autoplayBlocked, reactions } = useStore(
    call.state,
  );
  const camera = useStore(call.media.state, (state) => state.camera.track);
  const [measure, { width, height }] = useSize();
  const [retry, setRetry] = useState(0);
  const [pinned, setPinned] = useState<Focus>();
  const [view, setView] = useState<View>('grid');
  const [wantedPage, setPage] = useState(0);
  const autoplayBlockedNow = useCallback(() => call.setAutoplayBlocked(true), [call]);

  const seen = others.map(({ participant }) => ({
    socketId: participant.socketId,
    sharing: effectiveMedia(participant).screen,
  }));
  const focus = compact ? undefined : focusOf({ others: seen, pinned, view, speaker });
  const inFocus = focus && others.find((it) => it.participant.socketId === focus.socketId);
  // Who is shown large is not shown small as well, unless it is their screen that is.
  const tiled = others.filter((it) => focus?.picture !== 'camera' || it !== inFocus);

  const room = perPage(width, height);
  const paged = !focus && !compact;
  const tiles: (RemoteParticipant | 'self')[] = [...(self ? (['self'] as const) : []), ...tiled];
  const { shown, page, pages } = pageOf(tiles, paged ? room : Infinity, wantedPage);
  const layout = arrange({
    people: shown.length,
    focus: focus !== undefined,
    compact,
    width,
    height,
  });
  const tile = layout.kind === 'grid' ? layout.tiles : layout.tile;
  const size = { width: tile.width, height: tile.height };
  const small = tile.width < 260 || tile.height < 170;
  const along = layout.kind === 'grid' ? undefined : layout.along;
  const isShown = (id: string) =>
    shown.some((it) => it !== 'self' && it.participant.socketId === id);

  const pinning = (person: RemoteParticipant, picture: Focus['picture']) => {
    const { socketId } = person.participant;
    const is = pinned?.socketId === socketId && pinned.picture === picture;
    return { pinned: is, onPin: () => setPinned(is ? undefined : { socketId, picture }) };
  };
  const placeOf = (id: string) => ({
    speaking: speaking.has(id),
    reactions: reactions.get(id),
  });

  return (
    <section className={styles.call} aria-label="Call">
      <RemoteAudio call={call} retry={retry} onAutoplayBlocked={autoplayBlockedNow} />
      {soundOnly && !compact && (
        <p className={styles.note}>
          More than eight people are here, so cameras rest and everyone can be heard.
        </p>
      )}
      <div
        ref={measure}
        className={cx(styles.place, layout.kind === 'focus' && styles.focus)}
        data-along={along}
      >
        {width > 0 && (
          <>
            {focus?.picture === 'screen' && inFocus && (
              <ScreenTile call={call} person={inFocus} {...pinning(inFocus, 'screen')} />
            )}
            {focus?.picture === 'camera' && inFocus && (
              <ul className={styles.large} aria-label="In the spotlight">
                <PersonTile
                  key={focus.socketId}
                  call={call}
                  person={inFocus}
                  {...pinning(inFocus, 'camera')}
                  size={undefined}
                  small={false}
                  {...placeOf(focus.socketId)}
                />
              </ul>
            )}
            <ul
              className={layout.kind === 'grid' ? styles.grid : styles.strip}
              data-along={along}
              aria-label="People in the call"
              style={
                layout.kind === 'grid'
                  ? { maxWidth: layout.tiles.columns * (size.width + 8) }
                  : undefined
              }
            >
              {shown.map((it) =>
                it === 'self' ? (
                  self && (
                    <SelfTile
                      key={self.socketId}
                      self={self}
                      track={camera}
                      size={size}
                      small={small}
                      {...placeOf(self.socketId)}
                    />
                  )
                ) : (
                  <PersonTile
                    key={it.participant.socketId}
                    call={call}
                    person={it}
                    {...pinning(it, 'camera')}
                    size={size}
                    small={small}
                    {...placeOf(it.participant.socketId)}
                  />
                ),
              )}
            </ul>
          </>
        )}
      </div>
      {!compact && others.length > 0 && (
        <ViewBar
          view={view}
          onView={setView}
          onUnpin={pinned && focus === pinned ? () => setPinned(undefined) : undefined}
          page={page}
          pages={pages}
          onPage={setPage}
          speaksElsewhere={
            pages > 1 &&
            others.find((it) => {
              const { socketId } = it.participant;
              return speaking.has(socketId) && !isShown(socketId);
            })?.participant.name
          }
        />
      )}
      {autoplayBlocked && (
        <div className={styles.hear}>
          <Button
            onClick={() => {
              call.setAutoplayBlocked(false);
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
