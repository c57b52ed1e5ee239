import type { BoardSnapshot } from '../../../client/src/protocol/index.ts';
import { ask, disconnectAll, next, Person } from '../../people.ts';
import { expect, test } from '../../server.ts';

test.afterEach(disconnectAll);

test('what was acknowledged is there after kill -9, in order and once (SPEC 1.1, 1.2, 1.3)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const room = await ann.createRoom();
  const { roomId } = room;
  const acked = new Map<string, number>();
  for (let round = 1; round <= 5; round++) {
    const { socket } = await ann.join(roomId, { reconnection: false });
    let alive = true;
    const write = async (writer: number) => {
      for (let n = 0; alive; n++) {
        const eventId = `${round}-${writer}-${n}`;
        const ack = await ask(socket, 'chat:message', { roomId, text: eventId, eventId });
        if (ack.ok) acked.set(eventId, ack.message.seq);
      }
    };
    const writing = Promise.allSettled(Array.from({ length: 16 }, (_, writer) => write(writer)));
    // Killed with sixteen messages under way: some of them stored, some acknowledged, some neither.
    await expect.poll(() => acked.size, { intervals: [5] }).toBeGreaterThan(round * 100);
    await server.kill();
    alive = false;
    socket.disconnect();
    await writing;
    await server.run();
  }
  const stored = new Map<string, number>();
  let query = '?limit=100&after=0';
  for (;;) {
    const page = await ann.history(roomId, query);
    for (const { text, seq } of page.messages) {
      expect(stored.has(text), `${text} is there twice`).toBe(false);
      stored.set(text, seq);
    }
    if (page.next === null) break;
    query = `?limit=100&after=${page.next}`;
  }
  for (const [eventId, seq] of acked) expect(stored.get(eventId), eventId).toBe(seq);
});

test('a board is there after kill -9 (SPEC 1.1)', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const draws = Array.from({ length: 400 }, (_, n) =>
    ask(socket, 'whiteboard:draw', {
      roomId,
      ops: [{ type: 'stroke', id: `s${n}`, points: [[n, n]], color: '#000', width: 1 }],
    }),
  );
  const acks = await Promise.all(draws);
  expect(acks.map((ack) => (ack.ok ? ack.seq : 0))).toEqual(draws.map((_, n) => n + 1));
  const back = next(socket, 'connect');
  await server.kill();
  const parts: BoardSnapshot[] = [];
  socket.on('whiteboard:snapshot', (part: BoardSnapshot) => parts.push(part));
  await server.run();
  await back;
  await ask(socket, 'joinRoom', { roomId });
  await expect.poll(() => parts.length > 0 && parts.length === parts[0]?.parts).toBe(true);
  expect(parts.every((part) => part.seq === 400)).toBe(true);
  const ids = parts.flatMap((part) => part.elements.map((element) => element.id));
  expect(ids).toEqual(draws.map((_, n) => `s${n}`));
});

test('asked to stop, the server stops soon and with success', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const ended = next<string>(socket, 'disconnect');
  const began = Date.now();
  expect(await server.stop()).toBe(0);
  expect(Date.now() - began).toBeLessThan(10_000);
  await ended;
});
