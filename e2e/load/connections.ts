import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { disconnectAll } from '../people.ts';
import { Server } from '../server.ts';
import { parseOptions, usage } from './connections/options.ts';
import { type Served, served } from './connections/served.ts';
import type { Held, Order } from './connections/visitor.ts';
import { pause } from './waiting.ts';

const people = 20;
/** Connections of one process: a process has its own limit of descriptors. */
const ofProcess = 5_000;
/** For the same without strangers, first. */
const quietMs = 15_000;
/** At most this, or three times what it takes without strangers. */
const ackLimitMs = 300;
const arrivalLimitMs = 3_000;

/** Strangers open connections and fall silent; honest people are to be served throughout. */
async function strangers(words: string[]): Promise<boolean> {
  const { strangers, descriptors, seconds, rate } = parseOptions(words);
  const limited = ['sh', '-c', `ulimit -n ${descriptors} && exec "$@"`, 'sh'];
  const server = await Server.start({}, '127.0.0.1', limited);
  const processes = Array.from({ length: Math.ceil(strangers / ofProcess) }, () =>
    fork(path.join(import.meta.dirname, 'connections/visitor.ts')),
  );
  try {
    const without = await served(server, people, AbortSignal.timeout(quietMs));
    const quiet = await memoryMiB(server);
    const end = new AbortController();
    const outcome = served(server, people, end.signal);
    for (const [n, child] of processes.entries()) {
      const order: Order = {
        port: Number(new URL(server.url).port),
        count: Math.ceil(strangers / processes.length),
        perSecond: rate / processes.length,
        addresses: [0, 1, 2].map((address) => 2 + 3 * n + address),
      };
      child.send(order);
    }
    let most = 0;
    for (let second = 0; second < seconds; second++) {
      await pause(1_000);
      most = Math.max(most, await memoryMiB(server));
    }
    const held = await Promise.all(processes.map(count));
    end.abort();
    const opened = held.reduce((sum, one) => sum + one.opened, 0);
    const open = held.reduce((sum, one) => sum + one.open, 0);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    say(`strangers: ${opened} connections opened, ${open} open at the end, as they see it`);
    for (const line of metrics.match(/^studyrooms_(connections|sessions)\S* .*$/gm) ?? [])
      say(line);
    say(`memory: ${quiet} MiB before, ${most} MiB at most`);
    tell('without strangers', without);
    return judge(without, await outcome);
  } finally {
    for (const child of processes) child.kill('SIGKILL');
    disconnectAll();
    await server.dispose();
  }
}

function judge(without: Served, among: Served): boolean {
  tell('among strangers', among);
  const { messages, ackP99, arrivals, arrivalMax, troubles } = among;
  return (
    troubles.length === 0 &&
    messages > 0 &&
    arrivals > 0 &&
    ackP99 < Math.max(ackLimitMs, 3 * without.ackP99) &&
    arrivalMax < Math.max(arrivalLimitMs, 3 * without.arrivalMax)
  );
}

function tell(when: string, { messages, ackP99, arrivals, arrivalMax, troubles }: Served): void {
  say(`${when}: ${messages} messages, p99 of the ack ${ackP99.toFixed(0)} ms`);
  say(`${when}: ${arrivals} newcomers, the slowest in ${arrivalMax.toFixed(0)} ms`);
  for (const trouble of new Set(troubles)) say(`trouble: ${trouble}`);
}

async function count(child: ChildProcess): Promise<Held> {
  child.send('count');
  const [held] = (await once(child, 'message')) as [Held];
  return held;
}

async function memoryMiB(server: Server): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  const good = await strangers(process.argv.slice(2));
  say(good ? 'well' : 'NOT WELL');
  process.exitCode = good ? 0 : 1;
} catch (error) {
  process.stderr.write(`${String(error)}\nusage: ${usage}\n`);
  process.exitCode = 2;
}
