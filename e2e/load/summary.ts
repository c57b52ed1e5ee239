import type { Crowd } from './crowd.ts';
import type { Options } from './options.ts';
import type { Verdict } from './verdict.ts';

/** What happened to the system. */
export interface Course {
  serverKills: number;
  databaseKills: number;
  longestRecoveryMs: number;
  durationMs: number;
  /** What went wrong while it ran. */
  faults: string[];
}

/** More lines of one kind help nobody. */
const shown = 20;

/** Everything that went wrong, by kind. */
export function faultsOf(course: Course, crowd: Crowd, verdict: Verdict): Record<string, string[]> {
  const strange = [...course.faults, ...crowd.chat.faults, ...crowd.board.faults];
  return { ...verdict.faults, strange };
}

export function isWell(faults: Record<string, string[]>): boolean {
  return Object.values(faults).every((list) => list.length === 0);
}

export function printFaults(faults: Record<string, string[]>): void {
  for (const [kind, list] of Object.entries(faults)) {
    for (const fault of list.slice(0, shown)) console.log(`${kind}: ${fault}`);
    if (list.length > shown) console.log(`${kind}: … and ${list.length - shown} more`);
  }
}

export function printTable(rows: [string, string | number][]): void {
  console.log();
  for (const [name, value] of rows) console.log(`${name.padEnd(28)} ${value}`);
}

/** Prints the faults, and then the table. */
export function summarize(options: Options, course: Course, crowd: Crowd, verdict: Verdict): void {
  const { chat, board, readers } = crowd;
  const { faults } = verdict;
  const kinds = faultsOf(course, crowd, verdict);
  printFaults(kinds);
  const stretches = readers.reduce((sum, reader) => sum + reader.chat.stretches.length - 1, 0);
  const rows: [string, string | number][] = [
    ['store', options.store],
    ['seed', options.seed],
    ['rounds', options.rounds],
    ['kills of server / database', `${course.serverKills} / ${course.databaseKills}`],
    ['writers / drawers / readers', count(crowd.writers, crowd.drawers, readers)],
    ['', 'chat / board'],
    ['sent', both(chat.sent, board.sent)],
    ['acknowledged', both(chat.acked, board.acked)],
    ['resent', both(chat.resent, board.resent)],
    ['duplicates sent', both(chat.duplicates, board.duplicates)],
    ['refused, to be sent again', both(chat.refused, board.refused)],
    ['stored', both(verdict.messages, verdict.elements)],
    ['readers too far behind', stretches],
    ['missing', faults.missing.length],
    ['doubled', faults.doubled.length],
    ['inversions', faults.inversions.length],
    ['holes', faults.holes.length],
    ['wrong places or contents', faults.wrong.length],
    ['other faults', kinds['strange']?.length ?? 0],
    ['longest recovery', `${Math.round(course.longestRecoveryMs)} ms`],
    ['duration', `${(course.durationMs / 1000).toFixed(1)} s`],
    ['verdict', isWell(kinds) ? 'all is well' : `FAILED; again with --seed ${options.seed}`],
  ];
  printTable(rows);
}

const both = (chat: number, board: number) => `${chat} / ${board}`;

const count = (...lists: unknown[][]) => lists.map((list) => list.length).join(' / ');
