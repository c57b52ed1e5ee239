import { quantilesOf } from '../quantiles.ts';
import { printTable } from '../summary.ts';
import type { Kind } from './load.ts';
import type { Figures } from './measure.ts';

/** One column of the table. */
export interface Column {
  name: string;
  figures: Record<Kind, Figures>;
}

const kinds: [Kind, string][] = [
  ['chat', 'chat:message, stored'],
  ['cursor', 'whiteboard:cursor, passing'],
];

const rows: [string, (figures: Figures) => string][] = [
  ['sent a second', ({ sent, seconds }) => rounded(sent / seconds)],
  ['deliveries a second', ({ delivered, seconds }) => rounded(delivered / seconds)],
  ['ack p50 / p99 ms', ({ ackMs }) => spread(ackMs)],
  ['sent to shown p50 / p99 ms', ({ shownMs }) => spread(shownMs)],
  ['not shown to all / refused', ({ lost, refused }) => `${lost} / ${refused}`],
  ['CPU s per 100,000: instances', (figures) => perDelivery(figures, 'instances')],
  ['  Redis', (figures) => perDelivery(figures, 'redis')],
  ['  database', (figures) => perDelivery(figures, 'database')],
  ['  clients', (figures) => perDelivery(figures, 'cpuSeconds')],
  ['cores busy: instances', ({ instances, seconds }) => fixed(instances / seconds)],
  ['  Redis and database', ({ redis, database, seconds }) => fixed((redis + database) / seconds)],
  ['  clients', ({ cpuSeconds, seconds }) => fixed(cpuSeconds / seconds)],
  ['  others on this machine', (figures) => fixed(elsewhere(figures) / figures.seconds)],
];

const width = 18;

export function report(columns: Column[]): void {
  const line = (texts: string[]) => texts.map((text) => text.padStart(width)).join('');
  const blank: [string, string] = ['', ''];
  printTable([
    ['', line(columns.map(({ name }) => name))],
    ...kinds.flatMap(([kind, title]): [string, string][] => [
      blank,
      [title, ''],
      ...rows.map(([name, show]): [string, string] => [
        name,
        line(columns.map(({ figures }) => show(figures[kind]))),
      ]),
    ]),
  ]);
  console.log();
  for (const text of conclusions(columns)) console.log(text);
}

/** What the table says of the two questions it is made for, and what its clients could bear. */
export function conclusions(columns: Column[]): string[] {
  const [alone, ...joined] = columns;
  if (!alone) return [];
  return kinds.flatMap(([kind, title]) => {
    const floor = cost(alone.figures[kind]);
    const against = joined.map(({ name, figures }) => {
      const more = (cost(figures[kind]) / floor - 1) * 100;
      return `${name} ${more < 0 ? '' : '+'}${rounded(more)} %`;
    });
    const received = columns.map(({ figures }) => figures[kind]);
    const ceiling = total(received, 'delivered') / total(received, 'cpuSeconds');
    return [
      `${title}: CPU of instances and Redis for a delivery, against ${alone.name}: ${against.join(', ')}.`,
      `  One core of clients takes in ${rounded(ceiling)} deliveries a second; these had to share the machine.`,
    ];
  });
}

const cost = ({ instances, redis, delivered }: Figures) => (instances + redis) / delivered;

const total = (all: Figures[], what: 'delivered' | 'cpuSeconds') =>
  all.reduce((sum, figures) => sum + figures[what], 0);

/** All programs of the measurement are children of it, and it does nothing itself meanwhile. */
const elsewhere = ({ machine, instances, redis, database, cpuSeconds }: Figures) =>
  Math.max(0, machine - instances - redis - database - cpuSeconds);

function perDelivery(figures: Figures, of: 'instances' | 'redis' | 'database' | 'cpuSeconds') {
  return fixed((figures[of] / figures.delivered) * 100_000);
}

const spread = (values: number[]) => quantilesOf(values, [0.5, 0.99]).map(brief).join(' / ');
const brief = (ms: number) => (ms < 10 ? ms.toFixed(1) : rounded(ms));
const fixed = (value: number) => value.toFixed(2);
const rounded = (value: number) => Math.round(value).toLocaleString('en');
