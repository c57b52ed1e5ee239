import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ask, call, disconnectAll, Person } from '../people.ts';
import { Server } from '../server.ts';
import { attack } from './fuzz/attacker.ts';
import { Chance } from './fuzz/chance.ts';
import { pollBadly } from './fuzz/http.ts';
import { parseOptions, usage, type Options } from './fuzz/options.ts';
import { Tally } from './fuzz/tally.ts';
import { watch } from './fuzz/watcher.ts';

const attackers = 6;
const pollers = 2;
const rssLimitMb = 600;
const seedsFile = path.join(import.meta.dirname, 'fuzz-seeds.txt');

async function rssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024);
}

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

/** One run. Resolves to whether all was well. */
async function fuzz({ packets, seed }: Options): Promise<boolean> {
  const server = await Server.start({ RATE_LIMIT_FACTOR: '1000000' });
  const tally = new Tally();
  const { pid } = server;
  try {
    const owner = await Person.signUp(server, 'Owner');
    const villain = await Person.signUp(server, 'Villain');
    const shared = (await owner.createRoom('Shared')).roomId;
    const own = (await villain.createRoom('Own')).roomId;
    const { socket, state } = await owner.join(shared);
    const said = await ask(socket, 'chat:message', { roomId: shared, text: 'hello' });
    const task = await ask(socket, 'task:create', { roomId: shared, title: 'read' });
    if (!said.ok || !task.ok) throw new Error('no message or no task to begin with');
    const facts = {
      token: villain.token,
      roomIds: [shared, own],
      userIds: [owner.userId, villain.userId, 'nobody'],
      messageIds: [said.message.id, 'none'],
      taskIds: [task.task.id, 'none'],
      socketIds: [state.you.socketId, 'none'],
    };
    socket.disconnect();
    const start = await rssMb(pid);
    let peak = start;
    const gauge = setInterval(() => {
      rssMb(pid).then(
        (now) => (peak = Math.max(peak, now)),
        () => undefined,
      );
    }, 100);
    const began = performance.now();
    let isOver = false;
    const watching = watch(owner, shared, tally, () => isOver);
    const share = Math.floor(packets / 10);
    const wsShare = Math.ceil((packets - share) / attackers);
    await Promise.all([
      ...Array.from({ length: attackers }, (_, n) =>
        attack(server.url, facts, seed + n, wsShare, tally),
      ),
      ...Array.from({ length: pollers }, (_, n) =>
        pollBadly(server.url, new Chance(seed + 100 + n), Math.ceil(share / pollers), tally),
      ),
    ]);
    isOver = true;
    const watched = await watching;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    clearInterval(gauge);
    const end = await rssMb(pid);
    await checkLog(server, owner, shared, tally);
    await checkLog(server, villain, own, tally);
    if ((await call(server, 'GET', '/ready')).status !== 200) tally.fault('not ready at the end');
    if (server.log.includes('panicked')) tally.fault('the server panicked');
    if (peak > rssLimitMb) tally.fault(`RSS of ${peak} MB`);
    const { asked, answered, refused, connections } = tally;
    console.log(
      `seed ${seed}: ${tally.packets} packets on ${connections} connections in ${seconds} s; ` +
        `asked ${asked}, answered ${answered}, ended first ${asked - answered}; ` +
        `refused ${JSON.stringify(refused)}; watcher ${watched} requests; ` +
        `RSS ${start} / ${peak} / ${end} MB (start, peak, end)`,
    );
  } finally {
    disconnectAll();
    if (tally.faults.length > 0) {
      console.log(
        server.log
          .split('\n')
          .filter((line) => /panicked|ERROR/.test(line))
          .slice(0, 20)
          .join('\n'),
      );
    }
    await server.dispose();
  }
  for (const fault of tally.faults.slice(0, 20)) console.log(`fault: ${fault}`);
  if (tally.faults.length > 0) console.log(`seed ${seed}: ${tally.faults.length} faults`);
  return tally.faults.length === 0;
}

let options: Options;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${String(error)}\n${usage}`);
  process.exit(2);
}
const known = (await readFile(seedsFile, 'utf8')).split('\n').filter((line) => /^\d+$/.test(line));
for (const seed of known) {
  if (!(await fuzz({ packets: 2_000, seed: Number(seed) }))) process.exitCode = 1;
}
if (!(await fuzz(options).catch((error: unknown) => (console.error(String(error)), false)))) {
  process.exitCode = 1;
  if (!known.includes(String(options.seed))) await appendFile(seedsFile, `${options.seed}\n`);
}
