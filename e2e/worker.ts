import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { LogEntry, Receiver } from './receiver.ts';
import { binary } from './server.ts';
import { expect } from '@playwright/test';

/** The program as a worker, in a process of its own. */
export class Worker {
  #process: ChildProcess | undefined;
  #log = '';
  #url = '';

  private constructor(private readonly environment: Record<string, string>) {}

  static async start(environment: Record<string, string>): Promise<Worker> {
    const worker = new Worker(environment);
    await worker.run();
    return worker;
  }

  /** Where it tells of its health. */
  get url(): string {
    return this.#url;
  }

  /** What it wrote, of all its runs. */
  get log(): string {
    return this.#log;
  }

  async run(): Promise<void> {
    const child = spawn(binary, ['worker', '--listen', '127.0.0.1:0'], {
      env: { PATH: process.env['PATH'], RUST_LOG: 'info', ...this.environment },
    });
    this.#process = child;
    const endWithRunner = () => child.kill('SIGKILL');
    process.once('exit', endWithRunner);
    child.once('exit', () => process.off('exit', endWithRunner));
    let said = '';
    child.stdout.on('data', (text) => (said += String(text)));
    child.stderr.on('data', (text) => (this.#log += String(text)));
    const address = () => / is at (\S+)/.exec(said)?.[1];
    await expect
      .poll(() => address() ?? child.exitCode, { message: 'the worker starts', intervals: [25] })
      .not.toBeNull();
    const url = address();
    if (url === undefined) throw new Error(`the worker does not start:\n${this.#log}`);
    this.#url = url;
  }

  /** Ends it without any warning. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to end. Resolves to its exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }
}

/** Runs another command of the program to its end. */
export function command(words: string[], place: Record<string, string>, input = ''): string {
  const env = { PATH: process.env['PATH'], ...place };
  const done = spawnSync(binary, words, { env, input, timeout: 60_000, maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${words.join(' ')}: ${String(done.stderr)}`);
  return String(done.stdout);
}

/** The room log in an export. */
export function entriesOf(exported: string): LogEntry[] {
  return exported
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogEntry & { line: string; log: string })
    .filter(({ line, log }) => line === 'entry' && log === 'room')
    .map(({ eventId, roomId, seq, userId, timestamp, type, payload }) => {
      return { eventId, roomId, seq, userId, timestamp, type, payload };
    });
}

/** An export with stretches of focus at the end of its room log. */
export function withFocus(
  exported: string,
  roomId: string,
  stretches: { from: number; to: number; people: string[] }[],
): string {
  const lines = exported.split('\n').filter((line) => line !== '');
  const last = entriesOf(exported).at(-1)?.seq ?? 0;
  const end = JSON.parse(lines.pop() ?? '{}') as Record<string, unknown>;
  const focused = stretches.map(({ from, to, people }, at) => ({
    line: 'entry',
    log: 'room',
    eventId: `focus-${at}-${from}`,
    roomId,
    seq: last + at + 1,
    userId: people[0],
    timestamp: to,
    type: 'focused',
    payload: { to, people: people.map((userId) => ({ userId, from })) },
  }));
  const isBoard = (line: string) => (JSON.parse(line) as { log?: string }).log === 'board';
  const before = lines.filter((line) => !isBoard(line));
  const all = [...before, ...focused.map((it) => JSON.stringify(it)), ...lines.filter(isBoard)];
  all.push(JSON.stringify({ ...end, chatSeq: last + focused.length }));
  return `${all.join('\n')}\n`;
}

/** What the days of a room are by its log, counted in the plainest way. */
export function daysOf(entries: LogEntry[]): Record<string, unknown>[] {
  const days = new Map<string, { said: Set<string>; people: Set<string>; joined: Set<string> }>();
  const focusMs = new Map<string, number>();
  const date = (at: number) => new Date(at).toISOString().slice(0, 10);
  const day = (name: string) => {
    const found = days.get(name) ?? { said: new Set(), people: new Set(), joined: new Set() };
    days.set(name, found);
    return found;
  };
  const deleted = new Set(
    entries.filter(({ type }) => type === 'deleted').map(({ payload }) => payload['messageId']),
  );
  for (const { type, timestamp, userId, payload } of entries) {
    if (type === 'message') {
      const today = day(date(timestamp));
      if (deleted.has(payload['id'])) continue;
      today.said.add(String(payload['id']));
      today.people.add(userId);
    } else if (type === 'joined') {
      day(date(timestamp)).people.add(userId);
      day(date(timestamp)).joined.add(userId);
    } else if (type === 'focused') {
      const to = Number(payload['to']);
      for (const { userId: who, from } of payload['people'] as { userId: string; from: number }[]) {
        // Of the stretches in these tests none is over midnight.
        day(date(from)).people.add(who);
        focusMs.set(date(from), (focusMs.get(date(from)) ?? 0) + to - from);
      }
    }
  }
  return [...days.keys()].sort().map((name) => ({
    date: name,
    messages: day(name).said.size,
    files: 0,
    people: day(name).people.size,
    joined: day(name).joined.size,
    focusMinutes: Math.floor((focusMs.get(name) ?? 0) / 60_000),
    tasksDone: 0,
  }));
}

/** Every entry came, as the log has it, under one id that is no other's. */
export function expectAll(receiver: Receiver, entries: LogEntry[]): void {
  expect(receiver.wrong).toEqual([]);
  const ids = new Map<number, Set<string>>();
  const [first] = entries;
  for (const { id, entry } of receiver.calls) {
    if (entry.roomId !== first?.roomId) continue;
    ids.set(entry.seq, (ids.get(entry.seq) ?? new Set()).add(id));
  }
  const taken = receiver.taken;
  for (const entry of entries) {
    const [id, ...others] = ids.get(entry.seq) ?? [];
    expect(others, `${entry.seq} came under several ids`).toEqual([]);
    const came = taken.get(id ?? '')?.at(-1)?.entry;
    // What was deleted after it was sent was sent with its text.
    if (entry.type === 'message' && entry.payload['text'] === '') continue;
    expect(came, `entry ${entry.seq}`).toEqual(entry);
  }
  const distinct = new Set([...ids.values()].flatMap((of) => [...of]));
  expect(distinct.size, 'an id of its own for each').toBe(entries.length);
}

/** Whether an entry of each place was taken. */
export function isAllTaken(receiver: Receiver, entries: LogEntry[]): boolean {
  const taken = new Set(
    [...receiver.taken.values()].flatMap((calls) =>
      calls.map(({ entry }) => `${entry.roomId} ${entry.seq}`),
    ),
  );
  return entries.every(({ roomId, seq }) => taken.has(`${roomId} ${seq}`));
}
