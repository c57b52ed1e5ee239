import { between, seeded } from '../random.ts';

/** What each guest does in one part of the attack. */
export interface Phase {
  /** By guest: the attacks it runs at the same time. */
  attacks: string[][];
  /** Whether all have the same one. */
  isUnison: boolean;
}

/** Attacks of a guest at one time, where each has others. */
const atOnce = 3;

/** How many phases a run has, of some 7 s each: ten minutes have time for every attack. */
export function phasesOf(seconds: number): number {
  return Math.max(6, Math.round(seconds / 7.5));
}

/**
 * In turn: each guest runs other attacks, then all run the same one. The same seed gives the same
 * schedule, and no attack comes twice before all have come once.
 */
export function schedule(
  seed: number,
  guests: number,
  phases: number,
  attacks: readonly string[],
): Phase[] {
  const random = seeded(seed);
  const unison = dealer(attacks, random);
  const mixed = dealer(attacks, random);
  return Array.from({ length: phases }, (_, index) => {
    const isUnison = index % 2 === 1;
    const same = isUnison ? [unison()] : [];
    const own = () => Array.from({ length: Math.min(atOnce, attacks.length) }, mixed);
    return { isUnison, attacks: Array.from({ length: guests }, () => (isUnison ? same : own())) };
  });
}

/** Deals one after the other, and shuffles when all are dealt. */
function dealer(attacks: readonly string[], random: () => number): () => string {
  let deck: string[] = [];
  return () => {
    if (deck.length === 0) deck = [...attacks];
    const [dealt] = deck.splice(between(random, 0, deck.length - 1), 1);
    if (dealt === undefined) throw new Error('no attacks');
    return dealt;
  };
}
