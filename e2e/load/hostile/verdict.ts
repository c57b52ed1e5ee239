import type { Faults } from '../checks.ts';
import { quantilesOf } from '../quantiles.ts';
import type { Counts } from './counters.ts';
import type { Sample } from './monitor.ts';
import type { Latencies } from './honest.ts';
import type { ArrivalLatencies } from './newcomer.ts';

/** What honest people met in one part of the run. */
export interface Measured {
  attacked: Latencies;
  others: Latencies;
  arrivals: ArrivalLatencies;
}

/** All that a run found out. */
export interface Results {
  minutes: number;
  /** How many times the bounds of time are stretched. */
  slack: number;
  idle: Sample;
  /** While the guests attacked, in order. */
  samples: Sample[];
  /** The same honest people without guests, and with them. */
  before: Measured;
  during: Measured;
  /** Answers that honest people should not get, and connections of theirs that ended. */
  refused: number;
  disconnects: number;
  /** Of the logs, against what was acknowledged and shown. */
  faults: Faults;
  strange: string[];
  counts: Counts;
  /** Events and routes that there are. */
  events: readonly string[];
  routes: readonly string[];
  restartMs: number;
  /** The first join of each attacked room after the restart, with the whole board. */
  joinMs: number[];
}

export const bounds = {
  /** Above idle. */
  memoryMb: 512,
  /** Of an answer, and of showing a message: p99, or `timesBaseline` of the same without guests. */
  waitMs: 200,
  timesBaseline: 3,
  signInMs: 2_000,
  joinMs: 2_000,
  restartMs: 2_000,
};

/** Shorter runs do not come to everything. */
const wholeMinutes = 8;
/** Fewer say nothing about a quantile. */
const leastWaits = 10;

export const p99 = (values: readonly number[]): number => quantilesOf(values, [0.99])[0] ?? NaN;

export const peakOf = ({ samples }: Pick<Results, 'samples'>): number =>
  Math.max(...samples.map(({ peakMb }) => peakMb));

/** All that is wrong; nothing when every bound was kept. */
export function faultsOf(results: Results): Record<string, string[]> {
  const { refused, disconnects, slack } = results;
  return {
    ...results.faults,
    strange: [
      ...results.strange,
      ...(refused > 0 ? [`honest people were refused ${refused} times`] : []),
      // Where time is stretched, the time of a heartbeat is not.
      ...(disconnects > 0 && slack === 1
        ? [`honest people lost their connection ${disconnects} times`]
        : []),
    ],
    slow: slow(results),
    memory: memory(results),
    'never used': unused(results),
  };
}

function slow({ before, during, restartMs, joinMs, slack }: Results): string[] {
  const found: string[] = [];
  const check = (what: string, now: number[], then: number[], limitMs: number) => {
    if (now.length < leastWaits || then.length === 0) {
      found.push(`${what}: measured ${then.length} times without guests, ${now.length} with them`);
      return;
    }
    const [is, was] = [p99(now), p99(then)];
    if (is < limitMs * slack || is < was * bounds.timesBaseline * slack) return;
    found.push(`${what}: p99 ${Math.round(is)} ms, without guests ${Math.round(was)} ms`);
  };
  for (const room of ['attacked', 'others'] as const) {
    const where = room === 'attacked' ? 'the attacked room' : 'other rooms';
    check(`ack in ${where}`, during[room].chatAck, before[room].chatAck, bounds.waitMs);
    check(`shown in ${where}`, during[room].shown, before[room].shown, bounds.waitMs);
  }
  const [now, then] = [during.arrivals, before.arrivals];
  check('signing in', now.signIn, then.signIn, bounds.signInMs);
  check('joining', now.join, then.join, bounds.joinMs);
  if (!(restartMs < bounds.restartMs * slack))
    found.push(`the restart: ${Math.round(restartMs)} ms`);
  for (const ms of joinMs) {
    if (!(ms < bounds.joinMs * slack)) found.push(`the first join after it: ${Math.round(ms)} ms`);
  }
  if (joinMs.length === 0) found.push('nobody joined after the restart');
  return found;
}

function memory(results: Results): string[] {
  const { residentMb } = results.idle;
  const grown = peakOf(results) - residentMb;
  if (grown <= bounds.memoryMb) return [];
  return [`${Math.round(grown)} MiB above the ${Math.round(residentMb)} MiB of an idle server`];
}

/** A guest that leaves something out proves nothing of it. */
function unused({ minutes, counts, events, routes }: Results): string[] {
  if (minutes < wholeMinutes) return [];
  return [
    ...events.filter((event) => counts.events[event] === undefined),
    ...routes.filter((route) => counts.routes[route] === undefined),
  ];
}
