import { useStore } from 'zustand';
import { cx } from '../../../ui';
import type { Board } from '../model/board';
import styles from './BoardView.module.css';
import { toScreen } from '../model/camera';
import { COLOURS } from '../model/palette';
import type { Viewport } from '../model/viewport';

/** The pointers of the others. */
export function CursorLayer({ board, viewport }: { board: Board; viewport: Viewport }) {
  const cursors = useStore(board.cursors.store, (state) => state.cursors);
  const { camera, size } = useStore(viewport.store);
  return (
    <div className={styles.cursors} aria-hidden>
      {cursors.map(({ socketId, userId, name, x, y }) => {
        const [left, top] = toScreen(camera, x, y);
        if (left < 0 || top < 0 || left > size.width || top > size.height) return null;
        return (
          <div
            key={socketId}
            className={cx(styles.cursor, left > size.width - 120 && styles.cursorLeft)}
            style={{ transform: `translate(${left}px, ${top}px)`, color: colourOf(userId) }}
          >
            <svg width="18" height="18" viewBox="0 0 18 18">
              <path
                d="M2 1.5 15.5 8 9.6 9.8 7 15.6Z"
                fill="currentColor"
                stroke="#fff"
                strokeWidth="1.4"
              />
            </svg>
            <span dir="auto">{name}</span>
          </div>
        );
      })}
    </div>
  );
}

function colourOf(userId: string): string {
  let sum = 0;
  for (const letter of userId) sum = (sum * 31 + letter.charCodeAt(0)) >>> 0;
  // Black is the colour of the paper's own things.
  return COLOURS[1 + (sum % (COLOURS.length - 1))]?.value ?? COLOURS[1].value;
}
