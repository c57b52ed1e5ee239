import { readFile } from 'node:fs/promises';
import { pause } from '../waiting.ts';
import type { Cast } from './cast.ts';
import type { Dialect } from './dialect.ts';
import { json } from './json.ts';
import { WebSocketLine } from './lines.ts';
import { packed } from './packed.ts';
import type { Tally } from './tally.ts';
import { Visitor } from './visitor.ts';

/** Connections that come and go before anything is measured, and those that are measured. */
const warmUp = 500;
const measured = 1_500;

/** What a run showed of the server's memory. */
export interface Memory {
  /** RSS in MB: before the packets, the highest while they came, and after they were over. */
  startMb: number;
  peakMb: number;
  endMb: number;
  /** What stayed of each connection that came, joined and went, in kB. */
  keptKb: number;
  /** How many of them. */
  measured: number;
}

/** Resident memory of a process, in kB. */
export async function rssKb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN);
}

/** The highest of a process's memory. Call what it gives to end and to know, in MB. */
export function gauge(pid: number): () => number {
  let peak = 0;
  const timer = setInterval(() => {
    rssKb(pid).then(
      (now) => (peak = Math.max(peak, now)),
      () => undefined,
    );
  }, 100);
  return () => {
    clearInterval(timer);
    return Math.round(peak / 1024);
  };
}

/** Memory once it hardly changes: rooms forget who was lost after 5 s. */
export async function settledKb(pid: number): Promise<number> {
  let before = await rssKb(pid);
  for (let round = 0; round < 10; round++) {
    await pause(2_000);
    const now = await rssKb(pid);
    if (round >= 2 && Math.abs(now - before) < 1_024) return now;
    before = now;
  }
  return before;
}

/** What stays, in kB, of each connection that came, joined a room and went. */
export async function keptOfEach(
  pid: number,
  url: string,
  cast: Cast,
  tally: Tally,
): Promise<{ keptKb: number; measured: number }> {
  // Pages of their own: one that came back on a later connection is refused on the one before.
  const comeAndGo = async (lane: number, count: number) => {
    for (let n = 0; n < count; n++)
      await visit(url, cast, n % 2 === 0 ? json : packed, [lane, n], tally);
  };
  const sideBySide = async (count: number) =>
    Promise.all(Array.from({ length: 5 }, async (_, lane) => comeAndGo(lane, count / 5)));
  await sideBySide(warmUp);
  const before = await settledKb(pid);
  await sideBySide(measured);
  return { keptKb: ((await settledKb(pid)) - before) / measured, measured };
}

async function visit(
  url: string,
  cast: Cast,
  dialect: Dialect,
  [lane, n]: [number, number],
  tally: Tally,
): Promise<void> {
  const visitor = new Visitor(new WebSocketLine(url + dialect.path), dialect, tally, 10_000);
  const auth = { token: cast.tokens.lead, session: `visit-${lane}-${n % 8}` };
  if ((await visitor.open()) && (await visitor.enter(auth))) {
    visitor.ask('joinRoom', { roomId: cast.home }, 'ok');
    await visitor.isSettled();
  }
  visitor.end(n % 4 < 2);
}
