import { between, seeded } from '../random.ts';
import type { Options } from './options.ts';

/** What can be done to each part. */
const harms = {
  instance: ['kill', 'restart', 'pause'],
  redis: ['kill', 'pause', 'drop pubsub', 'drop normal'],
  database: ['kill', 'pause'],
  balancer: ['kill', 'reload'],
} as const;

export type Part = keyof typeof harms;
export type Kind = { [P in Part]: `${P} ${(typeof harms)[P][number]}` }[Part];

export interface Fault {
  kind: Kind;
  /** Which of the instances, where it is one. */
  instance: number;
  /** After the beginning. */
  atMs: number;
  /** How long the part stays dead or stopped. */
  holdMs: number;
  /** The next may come before everyone has recovered. */
  early: boolean;
}

/** Any six in a row hit every part. */
const turns: Part[] = ['instance', 'redis', 'database', 'instance', 'redis', 'balancer'];

const holds: Record<Kind, [least: number, most: number]> = {
  'instance kill': [0, 2000],
  'instance restart': [0, 500],
  'instance pause': [1000, 6000],
  'redis kill': [0, 2000],
  'redis pause': [5000, 5000],
  'redis drop pubsub': [0, 0],
  'redis drop normal': [0, 0],
  'database kill': [200, 1500],
  'database pause': [2000, 2000],
  'balancer kill': [0, 1000],
  'balancer reload': [0, 0],
};

export const kinds = Object.keys(holds) as Kind[];

/** The same seed always gives the same faults; each part is harmed in every way before in one again. */
export function plan(options: Pick<Options, 'seed' | 'faults' | 'seconds' | 'instances'>): Fault[] {
  const { seed, faults, seconds, instances } = options;
  const random = seeded(seed);
  const decks = new Map<Part, Kind[]>();
  const draw = (part: Part): Kind => {
    const kinds: Kind[] = harms[part].map((harm) => `${part} ${harm}` as Kind);
    const deck = decks.get(part) ?? [];
    if (deck.length === 0) deck.push(...shuffled(kinds, random));
    decks.set(part, deck);
    return deck.pop() ?? `balancer kill`;
  };
  // The end is left free, so that the last fault is survived under load too.
  const slotMs = (seconds * 1000) / (faults + 1);
  return Array.from({ length: faults }, (_, index) => {
    const kind = draw(turns[index % turns.length] ?? 'instance');
    return {
      kind,
      instance: between(random, 0, instances - 1),
      atMs: Math.round((index + 0.2 + 0.6 * random()) * slotMs),
      holdMs: between(random, ...holds[kind]),
      early: random() < 0.25,
    };
  });
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
