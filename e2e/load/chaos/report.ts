import { type Faults, noFaults } from '../checks.ts';
import { quantilesOf } from '../quantiles.ts';
import { isWell, printFaults, printTable } from '../summary.ts';
import type { Verdict } from '../verdict.ts';
import type { Crowd } from './crowd.ts';
import type { Options } from './options.ts';
import { type Fault, kinds } from './schedule.ts';

/** What happened to the system. */
export interface Course {
  done: { fault: Fault; recoveryMs: number | undefined }[];
  healed: string;
  /** What went wrong while it ran. */
  strange: string[];
  /** Boards that are not the same. */
  boards: string[];
}

/** What is wrong, by kind: all is well when there is nothing. */
export function faultsOf(course: Course, crowd: Crowd, verdicts: Verdict[]) {
  const all = noFaults();
  for (const { faults } of verdicts) {
    for (const kind of Object.keys(all) as (keyof Faults)[]) all[kind].push(...faults[kind]);
  }
  const told = crowd.rooms.flatMap(({ chat, board }) => [...chat.faults, ...board.faults]);
  return { ...all, boards: course.boards, strange: [...course.strange, ...told] };
}

/** Prints what is wrong, and the table. Returns whether all is well. */
export function report(
  options: Options,
  course: Course,
  crowd: Crowd,
  verdicts: Verdict[],
  beganAt: number,
): boolean {
  const faults = faultsOf(course, crowd, verdicts);
  printFaults(faults);
  const amiss = crowd.clients.flatMap(({ reader: { name, chat, board } }) =>
    [...chat.amiss, ...board.amiss].map((found) => ({ name, ...found })),
  );
  for (const { name, line, after, at } of amiss.slice(0, 5)) {
    const seconds = ((at - beganAt) / 1000).toFixed(1);
    console.log(`live: ${seconds} s, ${name} was shown ${line.id} at ${line.seq} after ${after}`);
  }
  const well = isWell(faults);
  const { rooms, clients } = crowd;
  const sum = (count: (room: (typeof rooms)[number]) => number) =>
    rooms.reduce((all, room) => all + count(room), 0);
  const delivered = clients.reduce((all, client) => all + client.delivered, 0);
  printTable([
    ['instances', options.instances],
    ['clients in rooms', `${clients.length} in ${rooms.length}`],
    ['seed', options.seed],
    ['', 'times, recovery p50 / max ms'],
    ...kinds.map((kind): [string, string] => [kind, recovery(course, kind)]),
    ['', 'chat / board'],
    ['acknowledged', `${sum(({ chat }) => chat.acked)} / ${sum(({ board }) => board.acked)}`],
    ['resent', `${sum(({ chat }) => chat.resent)} / ${sum(({ board }) => board.resent)}`],
    [
      'refused, sent again',
      `${sum(({ chat }) => chat.refused)} / ${sum(({ board }) => board.refused)}`,
    ],
    ['stored', `${total(verdicts, 'messages')} / ${total(verdicts, 'elements')}`],
    ['delivered', delivered],
    ['stored to shown p50/p99/max', `${spread(crowd.lagsMs, [0.5, 0.99, 1])} ms`],
    ['healed gaps by instance', course.healed],
    ['acknowledged but missing', faults.missing.length],
    ['duplicates', faults.doubled.length],
    ['order inversions', faults.inversions.length],
    ['never shown', faults.holes.length],
    ['wrong places or contents', faults.wrong.length],
    ['boards that differ', faults.boards.length],
    ['noticed live', amiss.length],
    ['other faults', faults.strange.length],
    ['verdict', well ? 'all is well' : `FAILED; again with --seed ${options.seed}`],
  ]);
  return well;
}

function recovery({ done }: Course, kind: Fault['kind']): string {
  const of = done.filter(({ fault }) => fault.kind === kind);
  const waited = of.flatMap(({ recoveryMs }) => (recoveryMs === undefined ? [] : [recoveryMs]));
  return `${of.length}, ${waited.length === 0 ? '-' : spread(waited, [0.5, 1])}`;
}

/** Quantiles, in whole numbers. */
export function spread(values: readonly number[], quantiles: readonly number[]): string {
  return quantilesOf(values, quantiles).map(Math.round).join(' / ');
}

const total = (verdicts: Verdict[], what: 'messages' | 'elements') =>
  verdicts.reduce((sum, verdict) => sum + verdict[what], 0);
