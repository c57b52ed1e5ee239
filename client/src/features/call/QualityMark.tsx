import { SignalHigh, SignalLow, SignalMedium } from 'lucide-react';
import { cx } from '../../ui';
import { figuresInWords, QUALITY_WORDS } from './quality';
import styles from './Tile.module.css';
import type { Remote } from './transport';

const ICONS = { good: SignalHigh, fair: SignalMedium, poor: SignalLow };

/** How well someone comes through. */
export function QualityMark({ remote: { quality, figures } }: { remote: Remote }) {
  const Icon = ICONS[quality];
  const words = figures ? figuresInWords(quality, figures) : QUALITY_WORDS[quality];
  return (
    <span className={cx(quality !== 'good' && styles.weak)} title={words} data-quality={quality}>
      <Icon size={15} aria-hidden />
      <span className="visually-hidden">{QUALITY_WORDS[quality]}</span>
    </span>
  );
}
