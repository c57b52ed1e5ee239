import { between, seeded } from '../random.ts';

/** What each guest does in one part of the attack. */
export interface Phase {
  /** By guest: the habits it has at the same time. */
  habits: string[][];
  /** Whether all have the same one. */
  isUnison: boolean;
}

/** Habits of a guest at one time, where each has others. */
const atOnce = 3;

/** How many parts an attack has, of some 7 s each: ten minutes have time for every habit. */
export function phasesOf(seconds: number): number {
  return Math.max(6, Math.round(seconds / 7.5));
}

/**
 * In turn: each guest has other habits, then all have the same one. The same seed gives the same
 * schedule, and no habit comes twice before all have come once.
 */
export function schedule(
  seed: number,
  guests: number,
  phases: number,
  habits: readonly string[],
): Phase[] {
  const random = seeded(seed);
  const unison = dealer(habits, random);
  const mixed = dealer(habits, random);
  return Array.from({ length: phases }, (_, index) => {
    const isUnison = index % 2 === 1;
    const same = isUnison ? [unison()] : [];
    const own = () => Array.from({ length: Math.min(atOnce, habits.length) }, mixed);
    return { isUnison, habits: Array.from({ length: guests }, () => (isUnison ? same : own())) };
  });
}

/** Deals one after the other, and shuffles when all are dealt. */
function dealer(habits: readonly string[], random: () => number): () => string {
  let deck: string[] = [];
  return () => {
    if (deck.length === 0) deck = [...habits];
    const [dealt] = deck.splice(between(random, 0, deck.length - 1), 1);
    if (dealt === undefined) throw new Error('no habits');
    return dealt;
  };
}
