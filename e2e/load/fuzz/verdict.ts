import type { Memory } from './memory.ts';
import type { Tally } from './tally.ts';

/** Codes that some answer must bear, where there are packets enough. */
export const expected = [
  'ok',
  'bad_request',
  'unauthorized',
  'token_expired',
  'forbidden',
  'not_found',
  'not_in_room',
  'conflict',
  'too_large',
  'rate_limited',
  'room_full',
  'room_locked',
  'banned',
  'waiting_for_admission',
];
const enough = 10_000;
/** Of all answers: less would mean that most is turned away at the door. */
const deepShare = 0.7;

/** The rooms' logs and boards are in it too. */
const grownMb = 300;
/** A connection holds 30 kB while it lives; nothing of it may stay. */
const keptKb = 6;

/** Share of answers that are `ok` or `bad_request`. */
export function depth({ outcomes }: Tally): number {
  const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return ((outcomes['ok'] ?? 0) + (outcomes['bad_request'] ?? 0)) / Math.max(1, all);
}

/** All that was wrong. */
export function faultsOf(tally: Tally, memory?: Memory): string[] {
  const { outcomes, asked, answered, excused } = tally;
  const found = [...tally.faults];
  if (asked !== answered + excused && tally.faults.length === 0)
    found.push(`asked ${asked}, answered ${answered}, ended first ${excused}`);
  for (const code of ['internal', 'none'])
    if (outcomes[code] !== undefined) found.push(`${outcomes[code]} answers are ${code}`);
  if (tally.packets >= enough) {
    const missing = expected.filter((code) => outcomes[code] === undefined);
    if (missing.length > 0) found.push(`never answered: ${missing.join(', ')}`);
    if (depth(tally) < deepShare)
      found.push(`ok and bad_request are ${Math.round(depth(tally) * 100)} % of the answers`);
  }
  if (memory && memory.peakMb - memory.startMb > grownMb)
    found.push(`memory: ${memory.startMb} MB grew to ${memory.peakMb} MB`);
  if (memory && memory.keptKb > keptKb)
    found.push(`memory: ${memory.keptKb.toFixed(1)} kB stay of each connection that is over`);
  return found;
}

/** The run in a few lines. */
export function summary(tally: Tally, memory: Memory, seconds: number): string {
  const { packets, connections, asked, answered, excused, outcomes, others } = tally;
  const share = Math.round(depth(tally) * 100);
  return [
    `${packets} packets on ${connections} connections in ${seconds.toFixed(1)} s; asked ${asked}, ` +
      `answered ${answered}, ended first ${excused}`,
    `answers: ${spread(outcomes)} (ok and bad_request: ${share} %)`,
    `others: ${spread(others)}`,
    `memory: RSS ${memory.startMb} MB at the start, ${memory.peakMb} at its peak, ${memory.endMb} ` +
      `after; ${memory.keptKb.toFixed(1)} kB stay of each of ${memory.measured} connections`,
  ].join('\n');
}

const spread = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
