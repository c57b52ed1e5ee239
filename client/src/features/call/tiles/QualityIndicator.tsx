import { SignalHigh, SignalLow, SignalMedium } from 'lucide-react';
import { cx } from '../../../ui';
import { formatConnectionStats, QUALITY_LABELS } from '../stats/quality';
import styles from './Tile.module.css';
import type { Remote } from '../link/transport';

const ICONS = { good: SignalHigh, fair: SignalMedium, poor: SignalLow };

/** The quality of the connection to someone. */
export function QualityIndicator({ remote: { quality, stats } }: { remote: Remote }) {
  const Icon = ICONS[quality];
  const words = stats ? formatConnectionStats(quality, stats) : QUALITY_LABELS[quality];
  return (
    <span className={cx(quality !== 'good' && styles.weak)} title={words} data-quality={quality}>
      <Icon size={15} aria-hidden />
      <span className="visually-hidden">{QUALITY_LABELS[quality]}</span>
    </span>
  );
}
