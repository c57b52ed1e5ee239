/** How sparingly the camera is sent to someone, and what led there. */
export interface Thrift {
  /** 0 sends all that the size of the call allows, `NO_PICTURE` sound only. */
  readonly level: number;
  /** How many looks in a row found a strain, or none. */
  readonly strained: number;
  readonly easy: number;
  /** How many looks without a strain it takes to dare more. */
  readonly patience: number;
}

export const PLENTY: Thrift = { level: 0, strained: 0, easy: 0, patience: 4 };
/** Sound comes before pictures. */
export const NO_PICTURE = 4;
const MOST_PATIENCE = 32;
const STRAINS = 2;
/** Less than this carries a voice and no face. */
const STARVED = 90_000;

/** What `getStats` said about sending a camera. */
export interface Sending {
  readonly limitedBy: 'none' | 'cpu' | 'bandwidth' | 'other';
  /** Bits a second; undefined where the browser does not tell. */
  readonly available: number | undefined;
}

/** So long without a strain, and what was before is forgotten. */
const FORGIVEN = 60;

/**
 * Goes down after two strained looks and up after several easy ones. A rise that led to a strain
 * makes it more patient, so that it does not swing.
 */
export function nextThrift(now: Thrift, { limitedBy, available }: Sending): Thrift {
  const starved = available !== undefined && available < STARVED;
  const strained = limitedBy === 'cpu' || limitedBy === 'bandwidth';
  // Without a picture nothing tells whether the line would bear one: that takes a try.
  if (strained && now.level < NO_PICTURE) {
    const count = now.strained + 1;
    if (count < STRAINS) return { ...now, strained: count, easy: 0 };
    const level = Math.min(now.level + 1, starved ? NO_PICTURE : NO_PICTURE - 1);
    return { level, strained: 0, easy: 0, patience: Math.min(MOST_PATIENCE, now.patience * 2) };
  }
  const easy = now.easy + 1;
  if (now.level === 0) return easy < FORGIVEN ? { ...now, strained: 0, easy } : PLENTY;
  if (easy < now.patience) return { ...now, strained: 0, easy };
  return { ...now, level: now.level - 1, strained: 0, easy: 0 };
}
