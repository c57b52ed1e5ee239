import path from 'node:path';
import { call, disconnectAll, type Person } from '../people.ts';
import { Server } from '../server.ts';
import { attack, dial } from './fuzz/attacker.ts';
import { casting, environment } from './fuzz/cast.ts';
import { Chance } from './fuzz/chance.ts';
import { hurry } from './fuzz/hasty.ts';
import { pollBadly } from './fuzz/http.ts';
import { json } from './fuzz/json.ts';
import { gauge, keptOfEach, type Memory, rssKb, settledKb } from './fuzz/memory.ts';
import { type Options, parseOptions, usage } from './fuzz/options.ts';
import { packed } from './fuzz/packed.ts';
import { runSeeds } from './fuzz/seeds.ts';
import { Tally } from './fuzz/tally.ts';
import { upgradeBadly } from './fuzz/upgrades.ts';
import { faultsOf, summary } from './fuzz/verdict.ts';
import { watch } from './fuzz/watcher.ts';

const attackers = 6;
const limitMs = 10_000;
const seedsFile = path.join(import.meta.dirname, 'fuzz-seeds.txt');

/** The room log of an export has no gap. */
async function checkLog(
  server: Server,
  owner: Person,
  roomId: string,
  tally: Tally,
): Promise<void> {
  const response = await fetch(`${server.url}/api/rooms/${roomId}/export`, {
    headers: { authorization: `Bearer ${owner.token}` },
  });
  const lines = (await response.text()).trimEnd().split('\n');
  const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const seqs = read
    .filter(({ line, log }) => line === 'entry' && log === 'room')
    .map((it) => it['seq']);
  const gap = seqs.findIndex((seq, index) => seq !== index + 1);
  if (gap !== -1) tally.fault(`room log: ${String(seqs[gap])} in place ${gap + 1}`);
  if (seqs.length === 0) tally.fault('room log: no entries');
  if (read.at(-1)?.['chatSeq'] !== seqs.length) tally.fault('room log: the export has no good end');
}

/** All that is sent, by everyone at once. */
async function bombard(server: Server, options: Options, tally: Tally): Promise<Memory> {
  const { packets, seed } = options;
  const { url, pid } = server;
  const cast = await casting(server);
  const startMb = Math.round((await rssKb(pid)) / 1024);
  const peak = gauge(pid);
  let isOver = false;
  const watching = watch(cast.watcher, cast.shared, tally, () => isOver);
  const share = Math.ceil(packets / 20);
  const rest = Math.ceil((packets - 3 * share) / attackers);
  const all: Promise<void>[] = [
    ...Array.from({ length: attackers }, async (_, n) =>
      attack({ url, cast, seed: seed + n, packets: rest, tally, dial, limitMs }),
    ),
    pollBadly(url + json.path, new Chance(seed + 100), share, tally),
    pollBadly(url + packed.path, new Chance(seed + 101), share, tally),
    ...[102, 103].map(async (n) =>
      upgradeBadly(url, cast, new Chance(seed + n), Math.ceil(share / 2), tally),
    ),
    hurry(url, cast, tally, dial, limitMs),
  ];
  const failed = (error: unknown) => tally.fault(error instanceof Error ? (error.stack ?? '') : '');
  await Promise.all(all.map(async (each) => each.catch(failed)));
  isOver = true;
  tally.others['watcher'] = await watching;
  const peakMb = peak();
  await checkLog(server, cast.watcher, cast.shared, tally);
  await checkLog(server, cast.lead, cast.home, tally);
  const endMb = Math.round((await settledKb(pid)) / 1024);
  return { startMb, peakMb, endMb, ...(await keptOfEach(pid, url, cast, tally)) };
}

/** One run. Resolves to whether all was well. */
async function fuzz(packets: number, seed: number): Promise<boolean> {
  const server = await Server.start(environment);
  const tally = new Tally();
  let memory: Memory | undefined;
  try {
    const began = performance.now();
    memory = await bombard(server, { packets, seed }, tally);
    if ((await call(server, 'GET', '/ready')).status !== 200) tally.fault('not ready at the end');
    if (server.log.includes('panicked')) tally.fault('the server panicked');
    const seconds = (performance.now() - began) / 1000;
    console.log(`seed ${seed}: ${summary(tally, memory, seconds)}`);
  } catch (error) {
    tally.fault(String(error));
  } finally {
    disconnectAll();
    await server.dispose();
  }
  const faults = faultsOf(tally, memory);
  if (faults.length === 0) return true;
  const told = server.log.split('\n').filter((line) => /panicked|ERROR/.test(line));
  console.log(told.slice(0, 20).join('\n'));
  for (const fault of faults.slice(0, 20)) console.log(`fault: ${fault}`);
  console.log(`seed ${seed}: ${faults.length} faults`);
  return false;
}

let options: Options;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${String(error)}\n${usage}`);
  process.exit(2);
}
if (!(await runSeeds(seedsFile, options, 2_000, fuzz))) process.exitCode = 1;
