import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { cx } from './cx';
import { keyOf } from './keys';
import styles from './Menu.module.css';
import { popoverPosition, type Position } from './popoverPosition';

/**
 * A button that opens a small panel beside itself; closes on Escape, on a click elsewhere, when the
 * focus leaves it, and when its surroundings scroll. Its contents are ordinary controls, reached
 * with Tab.
 */
export function Menu({
  label,
  face,
  className,
  narrow = false,
  children,
}: {
  label: string;
  face: ReactNode;
  className?: string | undefined;
  /** As wide as its contents only. */
  narrow?: boolean | undefined;
  children: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const [spot, setSpot] = useState<Position>();
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  // Against the window, so that no scrolling list cuts it off.
  useLayoutEffect(() => {
    if (!open) return;
    const settle = () => {
      if (!opener.current || !panel.current) return;
      const { width, height } = panel.current.getBoundingClientRect();
      const view = { width: window.innerWidth, height: window.innerHeight };
      setSpot(popoverPosition(opener.current.getBoundingClientRect(), { width, height }, view));
    };
    settle();
    const watch = new ResizeObserver(settle);
    if (panel.current) watch.observe(panel.current);
    window.addEventListener('resize', settle);
    return () => {
      watch.disconnect();
      window.removeEventListener('resize', settle);
    };
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const onOutside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    const onScroll = (event: Event) => {
      const scrolled = event.target as Node;
      if (scrolled !== panel.current && scrolled.contains(root.current)) setOpen(false);
    };
    // Also when what had the focus in the panel has just gone; before what lies below hears of it.
    const onKey = (event: KeyboardEvent) => {
      if (keyOf(event) !== 'Escape') return;
      event.stopPropagation();
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener('keydown', onKey, true);
    document.addEventListener('pointerdown', onOutside);
    document.addEventListener('scroll', onScroll, true);
    return () => {
      document.removeEventListener('keydown', onKey, true);
      document.removeEventListener('pointerdown', onOutside);
      document.removeEventListener('scroll', onScroll, true);
    };
  }, [open]);

  // Before any dialog that the choice opens takes note of where the focus was.
  useLayoutEffect(() => {
    if (!open) return;
    const button = opener.current;
    return () => {
      if (document.activeElement === document.body) button?.focus();
    };
  }, [open]);

  return (
    <div
      ref={root}
      className={styles.menu}
      // Also within a live log: what one may choose is no news.
      aria-live="off"
      onBlur={(event) => {
        if (event.relatedTarget && !root.current?.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={opener}
        type="button"
        className={cx(styles.opener, className)}
        aria-label={label}
        title={label}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div ref={panel} className={styles.panel} data-narrow={narrow || undefined} style={spot}>
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}

export const menuItemClass = styles.item;
export const menuDangerClass = `${styles.item ?? ''} ${styles.danger ?? ''}`;
