import { quantilesOf } from '../quantiles.ts';
import { isWell, printFaults, printTable } from '../summary.ts';
import type { Options } from './options.ts';
import { type Findings, faultsOf, peakOf } from './verdict.ts';

/** Prints what is wrong, and the table. Returns whether all is well. */
export function report(options: Options, findings: Findings, loopMs: number): boolean {
  const faults = faultsOf(findings);
  printFaults(faults);
  const well = isWell(faults);
  const { before, during, told, idle, samples, minutes } = findings;
  const last = samples.at(-1) ?? idle;
  const most = (of: (sample: typeof idle) => number) => Math.max(...samples.map(of));
  const growth = (of: (sample: typeof idle) => number) =>
    `${whole((of(last) - of(idle)) / minutes)} MiB a minute, ${whole(of(last))} at the end, ` +
    `${whole(most(of))} at most`;
  const waits = (of: (met: typeof before) => number[]) =>
    `${spread(of(before))}   ${spread(of(during))}`;
  const sum = (counts: Record<string, number>) =>
    Object.values(counts).reduce((all, count) => all + count, 0);
  printTable([
    ['guests / honest people', `${options.guests} / ${options.honest}`],
    ['minutes, seed', `${minutes}, ${options.seed}`],
    ['', 'without guests   with them: p50 / p99 / max ms'],
    ['attacked room: chat ack', waits(({ attacked }) => attacked.chatAck)],
    ['attacked room: shown', waits(({ attacked }) => attacked.shown)],
    ['attacked room: board ack', waits(({ attacked }) => attacked.boardAck)],
    ['other rooms: chat ack', waits(({ others }) => others.chatAck)],
    ['other rooms: shown', waits(({ others }) => others.shown)],
    ['other rooms: board ack', waits(({ others }) => others.boardAck)],
    ['signing in', waits(({ arrivals }) => arrivals.signIn)],
    ['joining and reading', waits(({ arrivals }) => arrivals.join)],
    ['the measuring process, p99', `${whole(loopMs)} ms late`],
    ['memory: idle / most / end', memory(findings)],
    ['descriptors at most', most(({ descriptors }) => descriptors)],
    ['database', growth(({ database }) => database)],
    ['journal', growth(({ journal }) => journal)],
    ['files', growth(({ files }) => files)],
    ['events sent by guests', `${sum(told.events)}, ${whole(told.sentMb)} MiB`],
    ['requests by guests', sum(told.routes)],
    ['connections of guests', told.connections],
    ...Object.entries(told.outcomes)
      .sort(([, one], [, other]) => sum(other) - sum(one))
      .map(([event, outcomes]): [string, string] => [`answers: ${event}`, counts(outcomes)]),
    ['beside', counts(told.others)],
    ['restart after kill -9', `${whole(findings.restartMs)} ms`],
    ['first joins after it', `${findings.joinMs.map(whole).join(' / ')} ms`],
    ['honest people refused', findings.refused],
    ['their connections ended', findings.disconnects],
    ['acknowledged but missing', findings.faults.missing.length],
    ['duplicates', findings.faults.doubled.length],
    ['order inversions', findings.faults.inversions.length],
    ['never shown', findings.faults.holes.length],
    ['wrong places or contents', findings.faults.wrong.length],
    ['verdict', well ? 'all is well' : `FAILED; again with --seed ${options.seed}`],
  ]);
  return well;
}

function memory(findings: Findings): string {
  const { idle, samples } = findings;
  const end = samples.at(-1)?.residentMb ?? NaN;
  return `${whole(idle.residentMb)} / ${whole(peakOf(findings))} / ${whole(end)} MiB`;
}

const whole = (value: number) => String(Math.round(value));

const spread = (values: number[]) => quantilesOf(values, [0.5, 0.99, 1]).map(whole).join(' / ');

const counts = (of: Record<string, number>) =>
  Object.entries(of)
    .sort(([, one], [, other]) => other - one)
    .slice(0, 24)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
