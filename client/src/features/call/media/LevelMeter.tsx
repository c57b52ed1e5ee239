import { useEffect, useRef } from 'react';
import { cx } from '../../../ui';
import type { LocalMedia } from './localMedia';
import styles from './LevelMeter.module.css';

const BARS = 5;

/** Shows that one can be heard. For the eyes only. */
export function LevelMeter({
  media,
  className,
}: {
  media: LocalMedia;
  className?: string | undefined;
}) {
  const meter = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = 0;
    let shown = 0;
    const look = () => {
      // Falls slower than it rises, as the ear does.
      shown = Math.max(media.level(), shown * 0.92);
      const lit = Math.round(shown * BARS);
      const bars = meter.current?.children ?? [];
      for (let i = 0; i < bars.length; i++) bars[i]?.toggleAttribute('data-lit', i < lit);
      frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  }, [media]);
  return (
    <span ref={meter} className={cx(styles.meter, className)} aria-hidden data-testid="level-meter">
      {Array.from({ length: BARS }, (_, i) => (
        <i key={i} />
      ))}
    </span>
  );
}
