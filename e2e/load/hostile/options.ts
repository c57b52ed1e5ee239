import { parseArgs } from 'node:util';
import { whole } from '../options.ts';

export interface Options {
  /** How long the guests attack. */
  minutes: number;
  guests: number;
  /** Honest people; half of them are in the room that is attacked. */
  honest: number;
  seed: number;
  /** Part of the name of the attacks that guests run; all where it is empty. */
  only: string;
  /** How many times the bounds of time are stretched: for a program that is not optimised. */
  slack: number;
}

export const usage =
  'scripts/load hostile [--minutes 10] [--guests 10] [--honest 8] [--only ATTACK] [--slack 1] ' +
  '[--seed N]';

/** @throws if an option is not known or out of bounds. */
export function parseOptions(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      minutes: { type: 'string', default: '10' },
      guests: { type: 'string', default: '10' },
      honest: { type: 'string', default: '8' },
      only: { type: 'string', default: '' },
      slack: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  return {
    minutes: minutesOf(values.minutes),
    // Each has an address of its own, of 127.0.7.0/24.
    guests: whole('guests', values.guests, 1, 100),
    honest: whole('honest', values.honest, 4, 64),
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1),
    only: values.only,
    slack: whole('slack', values.slack, 1, 100),
  };
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  // An access token lives 15 minutes, and honest people do not renew it here.
  if (!(minutes >= 0.5 && minutes <= 12)) {
    throw new Error(`--minutes: a number from 0.5 to 12, not ${text}`);
  }
  return minutes;
}
