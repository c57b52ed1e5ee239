import type { Store } from './options.ts';
import { between, seeded } from './random.ts';

/** What is done to the system once. */
export interface Round {
  victim: 'server' | 'database';
  /** Load before the kill. */
  loadMs: number;
  /** How long the victim stays dead. */
  deadMs: number;
  /** Count the load from when the victim is ready, so that the kill may hit the recovery. */
  early: boolean;
}

/** The same seed always gives the same rounds. */
export function plan(seed: number, rounds: number, store: Store): Round[] {
  const random = seeded(seed);
  return Array.from({ length: rounds }, (_, index) => {
    const victim = store === 'mongodb' && index % 2 === 1 ? 'database' : 'server';
    return {
      victim,
      loadMs: between(random, 300, 1500),
      deadMs: victim === 'server' ? between(random, 0, 300) : databaseDeath(random, index),
      early: random() < 0.25,
    };
  });
}

/** The server waits some seconds for its database; now and then it is made to give up. */
function databaseDeath(random: () => number, index: number): number {
  return index % 6 === 3 ? between(random, 5500, 8000) : between(random, 200, 1500);
}
