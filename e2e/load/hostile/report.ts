import { quantilesOf } from '../quantiles.ts';
import { isWell, printFaults, printTable } from '../summary.ts';
import type { Options } from './options.ts';
import { type Results, faultsOf, peakOf } from './verdict.ts';

/** Prints what is wrong, and the table. Returns whether all is well. */
export function report(options: Options, results: Results, loopMs: number): boolean {
  const faults = faultsOf(results);
  printFaults(faults);
  const well = isWell(faults);
  const { before, during, counts, idle, samples, minutes } = results;
  const last = samples.at(-1) ?? idle;
  const most = (of: (sample: typeof idle) => number) => Math.max(...samples.map(of));
  const growth = (of: (sample: typeof idle) => number) =>
    `${whole((of(last) - of(idle)) / minutes)} MiB a minute, ${whole(of(last))} at the end, ` +
    `${whole(most(of))} at most`;
  const latencies = (of: (met: typeof before) => number[]) =>
    `${spread(of(before))}   ${spread(of(during))}`;
  const sum = (values: Record<string, number>) =>
    Object.values(values).reduce((all, count) => all + count, 0);
  printTable([
    ['guests / honest people', `${options.guests} / ${options.honest}`],
    ['minutes, seed', `${minutes}, ${options.seed}`],
    ['', 'without guests   with them: p50 / p99 / max ms'],
    ['attacked room: chat ack', latencies(({ attacked }) => attacked.chatAck)],
    ['attacked room: shown', latencies(({ attacked }) => attacked.shown)],
    ['attacked room: board ack', latencies(({ attacked }) => attacked.boardAck)],
    ['other rooms: chat ack', latencies(({ others }) => others.chatAck)],
    ['other rooms: shown', latencies(({ others }) => others.shown)],
    ['other rooms: board ack', latencies(({ others }) => others.boardAck)],
    ['signing in', latencies(({ arrivals }) => arrivals.signIn)],
    ['joining and reading', latencies(({ arrivals }) => arrivals.join)],
    ['the measuring process, p99', `${whole(loopMs)} ms late`],
    ['memory: idle / most / end', memory(results)],
    ['descriptors at most', most(({ descriptors }) => descriptors)],
    ['database', growth(({ database }) => database)],
    ['journal', growth(({ journal }) => journal)],
    ['files', growth(({ files }) => files)],
    ['events sent by guests', `${sum(counts.events)}, ${whole(counts.sentMb)} MiB`],
    ['requests by guests', sum(counts.routes)],
    ['connections of guests', counts.connections],
    ...Object.entries(counts.outcomes)
      .sort(([, one], [, other]) => sum(other) - sum(one))
      .map(([event, outcomes]): [string, string] => [`answers: ${event}`, listed(outcomes)]),
    ['beside', listed(counts.others)],
    ['restart after kill -9', `${whole(results.restartMs)} ms`],
    ['first joins after it', `${results.joinMs.map(whole).join(' / ')} ms`],
    ['honest people refused', results.refused],
    ['their connections ended', results.disconnects],
    ['acknowledged but missing', results.faults.missing.length],
    ['duplicates', results.faults.doubled.length],
    ['order inversions', results.faults.inversions.length],
    ['never shown', results.faults.holes.length],
    ['wrong places or contents', results.faults.wrong.length],
    ['verdict', well ? 'all is well' : `FAILED; again with --seed ${options.seed}`],
  ]);
  return well;
}

function memory(results: Results): string {
  const { idle, samples } = results;
  const end = samples.at(-1)?.residentMb ?? NaN;
  return `${whole(idle.residentMb)} / ${whole(peakOf(results))} / ${whole(end)} MiB`;
}

const whole = (value: number) => String(Math.round(value));

const spread = (values: number[]) => quantilesOf(values, [0.5, 0.99, 1]).map(whole).join(' / ');

const listed = (of: Record<string, number>) =>
  Object.entries(of)
    .sort(([, one], [, other]) => other - one)
    .slice(0, 24)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
