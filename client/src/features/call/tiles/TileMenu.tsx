import type { RefObject } from 'react';
import { MoreHorizontal, PictureInPicture2, Pin, PinOff, Volume2 } from 'lucide-react';
import { useStore } from 'zustand';
import { isolated, Menu, menuItemClass } from '../../../ui';
import type { Call, RemoteParticipant } from '../call';
import { formatConnectionStats } from '../stats/quality';
import styles from './Tile.module.css';

/** What one can do with someone's picture and sound, for oneself alone. */
export function TileMenu({
  call,
  person,
  video,
  pinned,
  onPin,
}: {
  call: Call;
  person: RemoteParticipant;
  video: RefObject<HTMLVideoElement | null>;
  pinned: boolean;
  onPin: () => void;
}) {
  const { name, userId } = person.participant;
  const volume = useStore(call.volumes.state, (state) => state[userId] ?? 1);
  const { stats, quality } = person.remote;
  return (
    <div className={styles.menu}>
      <Menu
        label={`${isolated(name)}: view`}
        face={<MoreHorizontal size={18} aria-hidden />}
        className={styles.menuButton}
      >
        {(close) => (
          <>
            <button
              type="button"
              className={menuItemClass}
              onClick={() => {
                close();
                onPin();
              }}
            >
              {pinned ? <PinOff size={18} aria-hidden /> : <Pin size={18} aria-hidden />}
              {pinned ? 'Unpin' : 'Pin'}
            </button>
            {document.pictureInPictureEnabled && (
              <button
                type="button"
                className={menuItemClass}
                onClick={() => {
                  close();
                  void inPicture(video.current);
                }}
              >
                <PictureInPicture2 size={18} aria-hidden /> Picture in picture
              </button>
            )}
            <label className={styles.volume}>
              <Volume2 size={18} aria-hidden />
              <span>Volume</span>
              <input
                type="range"
                min={0}
                max={100}
                step={5}
                value={Math.round(volume * 100)}
                aria-valuetext={`${Math.round(volume * 100)} %`}
                onChange={(event) => call.volumes.set(userId, Number(event.target.value) / 100)}
              />
            </label>
            {stats && <p className={styles.figures}>{formatConnectionStats(quality, stats)}</p>}
          </>
        )}
      </Menu>
    </div>
  );
}

async function inPicture(video: HTMLVideoElement | null): Promise<void> {
  try {
    if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
    else await video?.requestPictureInPicture();
  } catch {
    // Without a picture there is none to take out.
  }
}
