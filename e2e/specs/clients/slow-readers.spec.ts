import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'socket.io-client';
import messagepack from 'socket.io-msgpack-parser';
import { WebSocket } from 'ws';
import type { Point } from '../../../client/src/protocol/index.ts';
import { comesTrue, pause } from '../../load/waiting.ts';
import { ask, disconnectAll, Person } from '../../people.ts';
import { expect, type Server, test } from '../../server.ts';

test.afterEach(disconnectAll);

async function memoryMiB(server: Server): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

async function closedSlow(server: Server): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^studyrooms_slow_sockets_closed_total (\d+)$/m.exec(metrics)?.[1]);
}

/** A client by hand, in the room, that reads only as long as it is not told otherwise. */
async function rawClient(server: Server, person: Person, roomId: string): Promise<WebSocket> {
  const socket = new WebSocket(
    `${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
  );
  const joined = new Promise<void>((done) => {
    socket.on('message', (data) => {
      const text = (data as Buffer).toString();
      if (text.startsWith('0')) socket.send(`40/rooms,${JSON.stringify({ token: person.token })}`);
      if (text.startsWith('40/rooms')) {
        socket.send(`42/rooms,${JSON.stringify(['joinRoom', { roomId }])}`);
      }
      if (text === '2') socket.send('3');
      if (text.startsWith('42/rooms,["joined"')) done();
    });
  });
  await joined;
  return socket;
}

/** Draws strokes of some hundred kilobytes until that many mebibytes are drawn, or as many as one may by now. */
async function draw(socket: Socket, roomId: string, mebibytes: number): Promise<void> {
  const points: Point[] = Array.from({ length: 9_000 }, (_, n) => [n + 0.25, n + 0.5]);
  const id = 'erased-again';
  const stroke = { type: 'stroke', id, points, color: '#000000', width: 2 } as const;
  const bytes = JSON.stringify(stroke).length;
  for (let sent = 0; sent < mebibytes * (1 << 20); sent += bytes) {
    // Only the last one stays, so that the board is not what grows.
    const ack = await ask(socket, 'whiteboard:draw', {
      roomId,
      ops: [stroke, { type: 'erase', ids: [id] }],
    });
    if (ack.ok) continue;
    if (ack.error.code === 'rate_limited') return;
    throw new Error(ack.error.message);
  }
}

test('who stops reading is closed within ten seconds, costs little, and harms no one (SPEC 2.4)', async ({
  server,
}) => {
  const [ann, bob] = [await Person.signUp(server, 'Ann'), await Person.signUp(server, 'Bob')];
  const { roomId } = await ann.createRoom();
  const { socket: drawing } = await ann.join(roomId);
  const { socket: reading } = await bob.join(roomId);
  let heard = 0;
  reading.on('whiteboard:update', () => heard++);
  const lost: string[] = [];
  for (const socket of [drawing, reading]) socket.on('disconnect', (reason) => lost.push(reason));
  await draw(drawing, roomId, 4);
  const before = await memoryMiB(server);
  const slow = await Promise.all(
    Array.from({ length: 8 }, async (_, n) =>
      rawClient(server, await Person.signUp(server, `Slow${n}`), roomId),
    ),
  );
  const begun = performance.now();
  for (const socket of slow) socket.pause();
  let most = 0;
  const gone = () => closedSlow(server).then((count) => count >= slow.length);
  while (!(await gone()) && performance.now() - begun < 20_000) {
    await draw(drawing, roomId, 0.5);
    await pause(50);
    most = Math.max(most, await memoryMiB(server));
  }
  expect(performance.now() - begun).toBeLessThan(10_000);
  // Eight times what may wait for one, and what the store and the allocator take meanwhile.
  expect(most - before).toBeLessThan(8 * 4 + 80);
  expect(await comesTrue(() => heard > 0, 5_000)).toBe(true);
  expect(lost).toEqual([]);
  for (const socket of slow) {
    const closed = once(socket, 'close');
    socket.resume();
    await closed;
  }
});

test('a client that polls no more is closed as well (SPEC 2.4)', async ({ server }) => {
  const [ann, slow] = [await Person.signUp(server, 'Ann'), await Person.signUp(server, 'Slow')];
  const { roomId } = await ann.createRoom();
  const { socket: drawing } = await ann.join(roomId);
  const base = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(base)).text()).slice(1)) as { sid: string };
  const say = async (body: string) => fetch(`${base}&sid=${sid}`, { method: 'POST', body });
  await say(`40/rooms,${JSON.stringify({ token: slow.token })}`);
  await (await fetch(`${base}&sid=${sid}`)).text();
  await say(`42/rooms,${JSON.stringify(['joinRoom', { roomId }])}`);
  const begun = performance.now();
  let isGone = false;
  while (!isGone && performance.now() - begun < 20_000) {
    await draw(drawing, roomId, 0.5);
    await pause(100);
    // A pong keeps its heartbeat going: it is not that by which it ends.
    isGone = (await say('3')).status === 400;
  }
  expect(isGone).toBe(true);
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(await closedSlow(server)).toBe(1);
});

for (const parser of ['JSON', 'MessagePack'] as const) {
  test(`who reads all that comes is never taken for one who does not, by ${parser}`, async ({
    server,
  }) => {
    test.setTimeout(60_000);
    const reader = await Person.signUp(server, 'Reader');
    const { roomId } = await reader.createRoom();
    const options = parser === 'JSON' ? {} : { parser: messagepack, path: '/socket.io-msgpack/' };
    const { socket: reading } = await reader.join(roomId, options);
    let heard = 0;
    reading.on('whiteboard:cursor', () => heard++);
    const others = await Promise.all(
      Array.from({ length: 10 }, async (_, n) =>
        (await Person.signUp(server, `Other${n}`)).join(roomId),
      ),
    );
    // What is only of the moment is left out for a socket for which 64 KiB wait: ten bytes too many for each would do.
    const enough = 8_000;
    const move = setInterval(() => {
      for (const { socket } of others)
        for (let n = 0; n < 5; n++) socket.emit('whiteboard:cursor', { roomId, x: n, y: n });
    }, 60);
    expect(await comesTrue(() => heard >= enough, 40_000), `${heard} of ${enough}`).toBe(true);
    clearInterval(move);
  });
}
