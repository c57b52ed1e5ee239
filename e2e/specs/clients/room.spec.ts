import type {
  BoardSnapshot,
  BoardUpdate,
  Candidate,
  Description,
  MessageSent,
  Typing,
  UserJoined,
  UserLeft,
  UserUpdated,
} from '../../../client/src/protocol/index.ts';
import { ask, disconnectAll, next, Person } from '../../people.ts';
import { expect, test } from '../../server.ts';

test.afterEach(disconnectAll);

for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
  test.describe(`a stock client over ${transports.join(' then ')}`, () => {
    test('joins, chats and hears the others', async ({ server }) => {
      const [ann, bob] = [await Person.signUp(server, 'Ann'), await Person.signUp(server, 'Bob')];
      const room = await ann.createRoom();
      const { socket: annSocket } = await ann.join(room.roomId, { transports });
      const came = next<UserJoined>(annSocket, 'user:joined');
      const { socket: bobSocket, state } = await bob.join(room.code, { transports });
      expect(state.participants.map((one) => one.name)).toEqual(['Ann', 'Bob']);
      expect((await came).user).toMatchObject({ name: 'Bob', role: 'member' });

      const heard = next<MessageSent>(bobSocket, 'chat:message');
      const echoed = next<MessageSent>(annSocket, 'chat:message');
      const ack = await ask(annSocket, 'chat:message', {
        roomId: room.roomId,
        text: 'hello',
        eventId: 'e1',
      });
      if (!ack.ok) throw new Error(ack.error.message);
      expect(ack.message).toMatchObject({ text: 'hello', senderName: 'Ann', eventId: 'e1' });
      expect((await heard).message).toEqual(ack.message);
      expect((await echoed).seq).toBe(ack.message.seq);

      const left = next<UserLeft>(annSocket, 'user:left');
      expect(await ask(bobSocket, 'leaveRoom', { roomId: room.code })).toEqual({ ok: true });
      expect(await left).toMatchObject({ userId: bob.userId, reason: 'left' });
    });
  });
}

test('events emitted right after connecting are not lost, and keep their order (SPEC 1.4)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const room = await ann.createRoom();
  const socket = ann.connect();
  const seen: string[] = [];
  socket.on('chat:message', ({ message }: MessageSent) => seen.push(message.text));
  socket.emit('joinRoom', { roomId: room.roomId });
  const sent = Array.from({ length: 400 }, (_, n) => `message ${n}`);
  const acks = await Promise.all(
    sent.map((text) => ask(socket, 'chat:message', { roomId: room.roomId, text })),
  );
  expect(acks.every((ack) => ack.ok)).toBe(true);
  await expect.poll(() => seen.length).toBe(sent.length);
  expect(seen).toEqual(sent);
});

test('the same eventId again gives the first ack and is neither stored nor sent twice (SPEC 1.3)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const room = await ann.createRoom();
  const { socket } = await ann.join(room.roomId);
  const seen: MessageSent[] = [];
  socket.on('chat:message', (sent: MessageSent) => seen.push(sent));
  const message = { roomId: room.roomId, text: 'once', eventId: 'same' };
  const first = await ask(socket, 'chat:message', message);
  expect(await ask(socket, 'chat:message', message)).toEqual(first);
  const byHttp = await ann.call('POST', `/api/rooms/${room.roomId}/messages`, message);
  expect(first).toMatchObject({ ok: true, ...(byHttp.body as object) });
  const after = await ask(socket, 'chat:message', { roomId: room.roomId, text: 'after' });
  expect(after.ok).toBe(true);
  expect(seen.map((sent) => sent.message.text)).toEqual(['once', 'after']);
  expect((await ann.history(room.roomId)).messages).toHaveLength(2);
});

test('history comes in pages that meet without gap or overlap (SPEC 2.6)', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const room = await ann.createRoom();
  for (let n = 1; n <= 25; n++) {
    const posted = await ann.call('POST', `/api/rooms/${room.code}/messages`, { text: `m${n}` });
    expect(posted.status).toBe(201);
  }
  const texts: string[] = [];
  let query = '?limit=10';
  for (;;) {
    const page = await ann.history(room.roomId, query);
    texts.unshift(...page.messages.map((message) => message.text));
    if (page.next === null) break;
    query = `?limit=10&before=${page.next}`;
  }
  expect(texts).toEqual(Array.from({ length: 25 }, (_, n) => `m${n + 1}`));
  const forward = await ann.history(room.roomId, '?limit=3&after=0');
  expect(forward.messages.map((message) => message.text)).toEqual(['m1', 'm2', 'm3']);
  const { socket, state } = await ann.join(room.roomId);
  expect(state.messages.map((message) => message.text)).toEqual(texts);
  socket.disconnect();
});

test('what is drawn reaches the others, and a newcomer gets the board (SPEC 2.1)', async ({
  server,
}) => {
  const [ann, bob] = [await Person.signUp(server, 'Ann'), await Person.signUp(server, 'Bob')];
  const room = await ann.createRoom();
  const { socket: annSocket } = await ann.join(room.roomId);
  const { socket: bobSocket } = await bob.join(room.roomId);
  const update = next<BoardUpdate>(bobSocket, 'whiteboard:update');
  const stroke = {
    type: 'stroke',
    points: [
      [1, 2],
      [3, 4],
    ],
    color: '#123456',
    width: 3,
  } as const;
  const ack = await ask(annSocket, 'whiteboard:draw', {
    roomId: room.roomId,
    ops: [
      {
        ...stroke,
        points: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    opId: 'op1',
  });
  expect(ack).toEqual({ ok: true, seq: 1 });
  const { ops, by, opId, seq } = await update;
  expect({ by, opId, seq }).toEqual({ by: ann.userId, opId: 'op1', seq: 1 });
  expect(ops).toEqual([{ ...stroke, id: expect.any(String) as unknown }]);

  const eve = await Person.signUp(server, 'Eve');
  const eveSocket = eve.connect();
  const snapshot = next<BoardSnapshot>(eveSocket, 'whiteboard:snapshot');
  await ask(eveSocket, 'joinRoom', { roomId: room.roomId });
  expect(await snapshot).toMatchObject({
    seq: 1,
    part: 1,
    parts: 1,
    elements: [{ kind: 'stroke', color: '#123456', by: ann.userId, z: 1 }],
  });
});

test('typing, media state and signals go to those they are for', async ({ server }) => {
  const [ann, bob] = [await Person.signUp(server, 'Ann'), await Person.signUp(server, 'Bob')];
  const room = await ann.createRoom();
  const { socket: annSocket, state: annState } = await ann.join(room.roomId);
  const { socket: bobSocket, state: bobState } = await bob.join(room.roomId);
  const roomId = room.roomId;

  const typing = next<Typing>(bobSocket, 'presence:typing');
  annSocket.emit('presence:typing', { roomId, isTyping: true });
  expect(await typing).toMatchObject({ userId: ann.userId, isTyping: true });
  // It ends by itself.
  expect(await next<Typing>(bobSocket, 'presence:typing')).toMatchObject({ isTyping: false });

  const updated = next<UserUpdated>(bobSocket, 'user:updated');
  await ask(annSocket, 'media:state', { roomId, audio: true, video: false, screen: true });
  expect((await updated).user.media).toEqual({ audio: true, video: false, screen: true });

  const offered = next<Description>(bobSocket, 'signal:offer');
  const offer = { type: 'offer', sdp: 'v=0' } as const;
  // A forged sender is ignored, and `to` is as good as `toSocketId`.
  const forged = { to: bobState.you.socketId, from: 'someone else', sdp: offer };
  expect(await annSocket.timeout(5000).emitWithAck('signal:offer', forged)).toEqual({ ok: true });
  expect(await offered).toEqual({
    fromSocketId: annState.you.socketId,
    sdp: offer,
    user: { userId: ann.userId, name: 'Ann', role: 'owner' },
  });
  const candidate = next<Candidate>(annSocket, 'signal:ice');
  await ask(bobSocket, 'signal:ice', { toSocketId: annState.you.socketId, candidate: null });
  expect(await candidate).toMatchObject({ candidate: null, fromSocketId: bobState.you.socketId });
});

test('a socket id is told to its owner and is never the connection’s own (SPEC 3.4)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const room = await ann.createRoom();
  const { socket, state } = await ann.join(room.roomId);
  expect(state.you.socketId).not.toBe(socket.id);
  expect(JSON.stringify(state)).not.toContain(socket.id);
});

test('guests come in where the room takes them, and only there', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const open = await ann.createRoom('Open', { guests: true });
  const closed = await ann.createRoom('Closed', { guests: false });
  const guest = (roomId: string) =>
    fetch(`${server.url}/api/auth/guest`, {
      method: 'POST',
      body: JSON.stringify({ name: 'Gus', roomId }),
    });
  expect((await guest(closed.code)).status).toBe(403);
  const answer = await guest(open.code);
  expect(answer.status).toBe(200);
  const { accessToken, user } = (await answer.json()) as {
    accessToken: string;
    user: { guest: boolean };
  };
  expect(user.guest).toBe(true);
  const headers = { authorization: `Bearer ${accessToken}` };
  const page = await fetch(`${server.url}/api/rooms/${open.roomId}/messages`, { headers });
  expect(page.status).toBe(404);
});

test('a client that comes back within seconds keeps its socket id and no one notices (SPEC 2.3)', async ({
  server,
}) => {
  const [ann, bob] = [await Person.signUp(server, 'Ann'), await Person.signUp(server, 'Bob')];
  const room = await ann.createRoom();
  const { socket: bobSocket } = await bob.join(room.roomId);
  const news: string[] = [];
  bobSocket.on('user:left', () => news.push('left'));
  const auth = { token: ann.token, session: 'one page' };
  const came = next<UserJoined>(bobSocket, 'user:joined');
  const first = await ann.join(room.roomId, { auth });
  await came;
  bobSocket.on('user:joined', () => news.push('joined'));
  // The transport goes, without a goodbye.
  const back = next(first.socket, 'connect');
  first.socket.io.engine.close();
  await bob.call('POST', `/api/rooms/${room.roomId}/messages`, { text: 'while you were out' });
  await back;
  const again = await ask(first.socket, 'joinRoom', {
    roomId: room.roomId,
    chatSeq: first.state.chatSeq,
  });
  if (!again.ok) throw new Error(again.error.message);
  expect(again.roomState.you.socketId).toBe(first.state.you.socketId);
  expect(again.roomState.reset).toBe(false);
  expect(again.roomState.messages.map((message) => message.text)).toEqual(['while you were out']);
  expect(news).toEqual([]);
  // With a goodbye it leaves at once.
  const left = next<UserLeft>(bobSocket, 'user:left');
  first.socket.disconnect();
  expect(await left).toMatchObject({ reason: 'left' });
});

test('room:sync gives what came after, or all anew when too far behind (SPEC 2.2)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const stroke = { type: 'stroke', points: [[1, 2]], color: '#000', width: 1 } as const;
  const draw = (opId: string) =>
    ask(socket, 'whiteboard:draw', { roomId, opId, ops: [{ ...stroke, points: [[1, 2]] }] });
  const say = (text: string) => ask(socket, 'chat:message', { roomId, text });
  const first = await say('first');
  if (!first.ok) throw new Error(first.error.message);
  await draw('a');
  for (let n = 0; n < 3; n++) await say(`later ${n}`);
  await draw('b');
  const near = { roomId, chatSeq: first.message.seq, boardSeq: 1 };
  const synced = await ask(socket, 'room:sync', near);
  if (!synced.ok) throw new Error(synced.error.message);
  expect(synced.messages.map((message) => message.text)).toEqual(['later 0', 'later 1', 'later 2']);
  expect(synced.updates.map((update) => [update.seq, update.opId])).toEqual([[2, 'b']]);
  expect(synced).toMatchObject({ reset: false, boardReset: false, boardSeq: 2 });
  expect(synced.chatSeq).toBe(synced.messages.at(-1)?.seq);

  await Promise.all(Array.from({ length: 300 }, (_, n) => say(`flood ${n}`)));
  const far = await ask(socket, 'room:sync', { roomId, chatSeq: 1 });
  if (!far.ok) throw new Error(far.error.message);
  expect(far.reset).toBe(true);
  expect(far.messages).toHaveLength(50);
  expect(far.messages.at(-1)?.text).toBe('flood 299');
  // A client that is ahead knows another history: it gets this one, board and all.
  const snapshot = next<BoardSnapshot>(socket, 'whiteboard:snapshot');
  const ahead = await ask(socket, 'room:sync', { roomId, chatSeq: 10_000, boardSeq: 10_000 });
  expect(ahead).toMatchObject({ ok: true, reset: true, boardReset: true, updates: [] });
  expect((await snapshot).elements).toHaveLength(2);
});
