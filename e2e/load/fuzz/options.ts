import { parseArgs } from 'node:util';

export interface Options {
  packets: number;
  seed: number;
}

export const usage = 'scripts/fuzz [--packets 100000] [--seed N]';

/** @throws if an option is not known or out of bounds. */
export function parseOptions(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      packets: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  return {
    packets: whole('packets', values.packets, 100, 10_000_000),
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1),
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new Error(`--${name}: a whole number from ${least} to ${most}, not ${text}`);
  }
  return number;
}
