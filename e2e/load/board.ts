/**
 * What a heavy board costs: 10,000 strokes of 500,000 points as a pen draws them, in memory, on the wire and in the
 * store, and what redrawing one stroke leaves there: `scripts/load board`. Says its figures; those of docs/BENCHMARKS.md
 * are taken with it.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Socket } from 'socket.io-client';
import type { BoardOp, BoardSnapshot, Point } from '../../client/src/protocol/index.ts';
import { ask, disconnectAll, Person } from '../people.ts';
import { Server } from '../server.ts';
import { whole } from './options.ts';
import { pause } from './waiting.ts';

const { values } = parseArgs({
  options: {
    strokes: { type: 'string', default: '10000' },
    points: { type: 'string', default: '50' },
    joiners: { type: 'string', default: '10' },
    redraws: { type: 'string', default: '600' },
  },
});
const strokes = whole('strokes', values.strokes, 1, 20_000);
const points = whole('points', values.points, 1, 1_000);
const joiners = whole('joiners', values.joiners, 1, 100);
const redraws = whole('redraws', values.redraws, 0, 100_000);

/** Points of one batch: below 256 KiB as JSON. */
const batchPoints = 8_000;

const near = (value: number) => Math.round(value * 100) / 100;

/** A curl somewhere on the page, in steps of some pixels. */
function stroke(n: number, length: number): BoardOp {
  const [x, y] = [(n * 7_919) % 1_900, (n * 104_729) % 1_000];
  const at = (i: number): Point => [
    near(x + 40 * Math.cos(i / 7 + n) + i),
    near(y + 25 * Math.sin(i / 5 + n)),
  ];
  const line = Array.from({ length }, (_, i) => at(i));
  return { type: 'stroke', id: `stroke-${n}`, points: line, color: '#1a2b3c', width: 6 };
}

/** Draws, as slowly as it is asked to. */
async function draw(socket: Socket, roomId: string, ops: BoardOp[]): Promise<void> {
  for (;;) {
    const ack = await ask(socket, 'whiteboard:draw', { roomId, ops });
    if (ack.ok) return;
    if (!ack.error.retryable) throw new Error(`${ack.error.code} ${ack.error.message}`);
    await pause(ack.error.retryAfterMs ?? 100);
  }
}

const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

async function resident(server: Server): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) * 1024;
}

/** Bytes of the store's files. */
async function stored(server: Server): Promise<number> {
  const names = (await readdir(server.dataDir)).filter((name) => name.startsWith('studyrooms.db'));
  const sizes = names.map(async (name) => (await stat(path.join(server.dataDir, name))).size);
  return (await Promise.all(sizes)).reduce((all, size) => all + size, 0);
}

interface Board {
  bytes: number;
  parts: number;
  elements: number;
  ms: number;
}

/** Comes in, and waits for all of the board. */
async function come(person: Person, roomId: string): Promise<Board> {
  const beganAt = performance.now();
  const socket = person.connect();
  const board = { bytes: 0, parts: 0, elements: 0 };
  const isWhole = new Promise<void>((resolve) => {
    socket.on('whiteboard:snapshot', (part: BoardSnapshot) => {
      board.bytes += JSON.stringify(part).length;
      board.parts++;
      board.elements += part.elements.length;
      if (board.parts === part.parts) resolve();
    });
  });
  const ack = await ask(socket, 'joinRoom', { roomId });
  if (!ack.ok) throw new Error(`not let in: ${ack.error.message}`);
  await isWhole;
  return { ...board, ms: performance.now() - beganAt };
}

const server = await Server.start();
try {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const idle = await resident(server);
  const { socket } = await ann.join(roomId);
  const perBatch = Math.max(1, Math.min(200, Math.floor(batchPoints / points)));
  for (let n = 0; n < strokes; n += perBatch) {
    const count = Math.min(perBatch, strokes - n);
    await draw(
      socket,
      roomId,
      Array.from({ length: count }, (_, i) => stroke(n + i, points)),
    );
  }
  console.log(`${strokes} strokes, ${strokes * points} points`);
  console.log(`memory: ${mib((await resident(server)) - idle)} more after drawing it`);
  disconnectAll();
  await server.stop();
  console.log(`store: ${mib(await stored(server))}`);

  await server.run();
  const started = await resident(server);
  const first = await come(ann, roomId);
  if (first.elements !== strokes) throw new Error(`${first.elements} elements came`);
  console.log(
    `memory: ${mib((await resident(server)) - started)} more after a restart and one join`,
  );
  console.log(`wire: ${mib(first.bytes)} in ${first.parts} parts, ${first.ms.toFixed(0)} ms`);
  let most = 0;
  const watching = setInterval(() => {
    void resident(server).then((now) => (most = Math.max(most, now)));
  }, 10);
  const all = await Promise.all(Array.from({ length: joiners }, () => come(ann, roomId)));
  clearInterval(watching);
  const slowest = Math.max(...all.map((one) => one.ms));
  console.log(
    `${joiners} joins at once: ${mib(most - started)} more at most, ${slowest.toFixed(0)} ms`,
  );

  const again = await ann.join(roomId);
  let told = 0;
  for (let n = 0; n < redraws; n++) {
    const op = { ...stroke(n, 4_000), id: 'redrawn' } as BoardOp;
    told += JSON.stringify(op).length;
    await draw(again.socket, roomId, [op]);
  }
  disconnectAll();
  await server.stop();
  console.log(
    `one stroke redrawn ${redraws} times, ${mib(told)}: the store is ${mib(await stored(server))}`,
  );
} finally {
  disconnectAll();
  await server.dispose();
}
