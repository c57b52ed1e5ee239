import { parseArgs } from 'node:util';
import { whole } from '../options.ts';

export interface Options {
  /** How often each race is run. */
  rounds: number;
  instances: number;
  seed: number;
  /** Part of the name of the races to run; all where it is empty. */
  only: string;
}

export const usage = 'scripts/load races [--rounds 1000] [--instances 1] [--only NAME] [--seed N]';

/** @throws if an option is not known or out of bounds. */
export function parseOptions(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      rounds: { type: 'string', default: '1000' },
      instances: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  return {
    rounds: whole('rounds', values.rounds, 1, 100_000),
    instances: whole('instances', values.instances, 1, 4),
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1),
    only: values.only,
  };
}
