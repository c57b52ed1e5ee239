/** How far the camera sent to one person is reduced, and the state that decides on the next step. */
export interface Degradation {
  /** 0 sends all that the size of the call allows, `VIDEO_OFF` sound only. */
  readonly level: number;
  /** Samples in a row that were limited by CPU or bandwidth. */
  readonly strained: number;
  readonly easy: number;
  /** Samples in a row without a limit that it takes to go up a step. */
  readonly patience: number;
}

export const NO_DEGRADATION: Degradation = { level: 0, strained: 0, easy: 0, patience: 4 };
/** The level without video: sound has priority. */
export const VIDEO_OFF = 4;
const MOST_PATIENCE = 32;
const STRAINS = 2;
/** Bits per second; less than this carries a voice and no video. */
const STARVED = 90_000;

/** What `getStats` reports about sending the camera. */
export interface SendStats {
  readonly limitedBy: 'none' | 'cpu' | 'bandwidth' | 'other';
  /** Bits per second; undefined where the browser does not report it. */
  readonly available: number | undefined;
}

/** After this many samples without a limit at level 0 the patience is reset. */
const FORGIVEN = 60;

/**
 * Degrades after two limited samples, and recovers after `patience` unlimited ones. Each step down
 * doubles the patience, so that it does not oscillate.
 */
export function nextDegradation(
  now: Degradation,
  { limitedBy, available }: SendStats,
): Degradation {
  const starved = available !== undefined && available < STARVED;
  const strained = limitedBy === 'cpu' || limitedBy === 'bandwidth';
  // Without video nothing tells whether the network would carry it: that takes a try.
  if (strained && now.level < VIDEO_OFF) {
    const count = now.strained + 1;
    if (count < STRAINS) return { ...now, strained: count, easy: 0 };
    const level = Math.min(now.level + 1, starved ? VIDEO_OFF : VIDEO_OFF - 1);
    return { level, strained: 0, easy: 0, patience: Math.min(MOST_PATIENCE, now.patience * 2) };
  }
  const easy = now.easy + 1;
  if (now.level === 0) return easy < FORGIVEN ? { ...now, strained: 0, easy } : NO_DEGRADATION;
  if (easy < now.patience) return { ...now, strained: 0, easy };
  return { ...now, level: now.level - 1, strained: 0, easy: 0 };
}
