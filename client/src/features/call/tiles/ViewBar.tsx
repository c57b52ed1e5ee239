import { ChevronLeft, ChevronRight, LayoutGrid, PinOff, RectangleHorizontal } from 'lucide-react';
import type { View } from './focus';
import styles from './ViewBar.module.css';

/** How one looks at the others: all alike or one large, and which page of them. */
export function ViewBar({
  view,
  onView,
  onUnpin,
  page,
  pages,
  onPage,
  speaksElsewhere,
}: {
  view: View;
  onView: (view: View) => void;
  /** While someone is pinned. */
  onUnpin: (() => void) | undefined;
  page: number;
  pages: number;
  onPage: (page: number) => void;
  /** Who speaks on another page. */
  speaksElsewhere: string | false | undefined;
}) {
  const other = view === 'grid' ? 'spotlight' : 'grid';
  const words = view === 'grid' ? 'Spotlight on who speaks' : 'Show all alike';
  return (
    <div className={styles.bar} role="group" aria-label="View">
      {pages > 1 && (
        <div className={styles.pages}>
          <button
            type="button"
            aria-label="Previous page"
            title="Previous page"
            disabled={page === 0}
            onClick={() => onPage(page - 1)}
          >
            <ChevronLeft size={18} aria-hidden />
          </button>
          <span aria-live="polite">
            <span className="visually-hidden">Page </span>
            {page + 1} / {pages}
          </span>
          <button
            type="button"
            aria-label="Next page"
            title="Next page"
            disabled={page === pages - 1}
            onClick={() => onPage(page + 1)}
          >
            <ChevronRight size={18} aria-hidden />
          </button>
          {speaksElsewhere && <span className={styles.elsewhere}>{speaksElsewhere} speaks</span>}
        </div>
      )}
      {onUnpin ? (
        <button type="button" onClick={onUnpin}>
          <PinOff size={16} aria-hidden /> Unpin
        </button>
      ) : (
        <button type="button" aria-label={words} title={words} onClick={() => onView(other)}>
          {view === 'grid' ? (
            <RectangleHorizontal size={18} aria-hidden />
          ) : (
            <LayoutGrid size={18} aria-hidden />
          )}
        </button>
      )}
    </div>
  );
}
