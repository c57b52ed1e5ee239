import { parseArgs } from 'node:util';

export type Store = 'embedded' | 'mongodb';

export interface Options {
  rounds: number;
  writers: number;
  seed: number;
  store: Store;
}

export const usage =
  'scripts/load crash [--rounds 20] [--writers 16] [--seed N] [--store embedded|mongodb]';

/** @throws if an option is not known or out of bounds. */
export function parseOptions(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      rounds: { type: 'string', default: '20' },
      writers: { type: 'string', default: '16' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      store: { type: 'string', default: 'embedded' },
    },
  });
  const { store } = values;
  if (store !== 'embedded' && store !== 'mongodb') {
    throw new Error(`--store: embedded or mongodb, not ${store}`);
  }
  return {
    // An access token lives 15 minutes, and no one here renews it.
    rounds: whole('rounds', values.rounds, 1, 100),
    writers: whole('writers', values.writers, 1, 64),
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1),
    store,
  };
}

/** @throws if it is none, or out of bounds. */
export function whole(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new Error(`--${name}: a whole number from ${least} to ${most}, not ${text}`);
  }
  return number;
}
