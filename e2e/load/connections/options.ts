import { parseArgs } from 'node:util';
import { whole } from '../options.ts';

export interface Options {
  /** Connections of strangers at the same time, as far as the server lets them. */
  strangers: number;
  /** File descriptors of the server. */
  descriptors: number;
  seconds: number;
  /** Connections opened in a second, until all have been; a tenth of that in place of ended ones. */
  rate: number;
}

export const usage =
  'scripts/load connections [--strangers 20000] [--descriptors 4096] [--seconds 60] [--rate 600]';

/** @throws if an option is not known or out of bounds. */
export function parseOptions(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      strangers: { type: 'string', default: '20000' },
      descriptors: { type: 'string', default: '4096' },
      seconds: { type: 'string', default: '60' },
      rate: { type: 'string', default: '600' },
    },
  });
  return {
    strangers: whole('strangers', values.strangers, 1, 100_000),
    descriptors: whole('descriptors', values.descriptors, 512, 1_000_000),
    seconds: whole('seconds', values.seconds, 5, 3600),
    rate: whole('rate', values.rate, 20, 10_000),
  };
}
