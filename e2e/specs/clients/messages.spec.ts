import type {
  Message,
  MessageAck,
  MessageDeleted,
  MessageEdited,
  MessagePage,
  MessagePinned,
  Reacted,
  Receipt,
  RoomList,
} from '../../../client/src/protocol/index.ts';
import { ask, disconnectAll, next, Person } from '../../people.ts';
import { expect, Server, test } from '../../server.ts';

test.afterEach(disconnectAll);

async function say(person: Person, roomId: string, text: string): Promise<Message> {
  const path = `/api/rooms/${roomId}/messages`;
  return (await person.call<MessageAck>('POST', path, { text })).body.message;
}

async function search(person: Person, roomId: string, query: string): Promise<string[]> {
  const path = `/api/rooms/${roomId}/messages/search?q=${encodeURIComponent(query)}`;
  return (await person.call<MessagePage>('GET', path)).body.messages.map((found) => found.text);
}

test('what is done to a message reaches everyone in order, and whoever reads it later (SPEC 5.1)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const ben = await Person.signUp(server, 'Ben');
  const { roomId } = await ann.createRoom();
  const owner = (await ann.join(roomId)).socket;
  const { socket } = await ben.join(roomId);
  const first = await say(ann, roomId, 'frist');
  const second = await say(ann, roomId, 'off topic');
  const [edited, reacted, pinned, deleted] = [
    next<MessageEdited>(socket, 'chat:edited'),
    next<Reacted>(socket, 'chat:reaction'),
    next<MessagePinned>(socket, 'chat:pinned'),
    next<MessageDeleted>(socket, 'chat:deleted'),
  ];
  const messageId = first.id;
  const edit = await ask(owner, 'chat:edit', { roomId, messageId, text: 'first' });
  expect(edit).toMatchObject({ ok: true, message: { text: 'first' } });
  await ask(socket, 'chat:react', { roomId, messageId, emoji: '👍', on: true });
  await ask(owner, 'chat:pin', { roomId, messageId, on: true });
  await ask(owner, 'chat:delete', { roomId, messageId: second.id });

  expect((await edited).message).toMatchObject({ id: messageId, text: 'first' });
  expect(await reacted).toMatchObject({
    roomId,
    messageId,
    userId: ben.userId,
    emoji: '👍',
    on: true,
  });
  expect(await pinned).toMatchObject({ roomId, messageId, userId: ann.userId, on: true });
  expect(await deleted).toMatchObject({ roomId, messageId: second.id });
  const seqs = [(await edited).seq, (await reacted).seq, (await pinned).seq, (await deleted).seq];
  expect([...seqs].sort((a, b) => a - b)).toEqual(seqs);

  await server.kill();
  await server.run();
  const { messages } = await ben.history(roomId);
  expect(messages).toMatchObject([
    { text: 'first', pinned: true, reactions: [{ emoji: '👍', userIds: [ben.userId] }] },
    { text: '', deleted: true },
  ]);
  const { state } = await ben.join(roomId);
  expect(state.messages).toEqual(messages);
  expect(state.pinned.map((message) => message.id)).toEqual([messageId]);
});

test('who comes back with chatSeq is told what changed of what they have (SPEC 2.2)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const message = await say(ann, roomId, 'frist');
  const chatSeq = message.seq;
  await ask(socket, 'chat:edit', { roomId, messageId: message.id, text: 'first' });
  const back = await ask(ann.connect(), 'joinRoom', { roomId, chatSeq });
  if (!back.ok) throw new Error(back.error.message);
  expect(back.roomState.messages).toEqual([]);
  expect(back.roomState.amended.map((amended) => amended.text)).toEqual(['first']);
});

test('a search finds edited text, not deleted text, and text without spaces (SPEC 5.2)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const exam = await say(ann, roomId, 'The exm is on Monday');
  const secret = await say(ann, roomId, 'my Password is hunter2');
  await say(ann, roomId, '明日の数学試験です');
  await ask(socket, 'chat:edit', { roomId, messageId: exam.id, text: 'The Éxam is on Monday' });
  await ask(socket, 'chat:delete', { roomId, messageId: secret.id });
  expect(await search(ann, roomId, 'exam mon')).toEqual(['The Éxam is on Monday']);
  expect(await search(ann, roomId, 'exm')).toEqual([]);
  expect(await search(ann, roomId, 'hunter2')).toEqual([]);
  expect(await search(ann, roomId, '数学')).toEqual(['明日の数学試験です']);
  expect(await search(ann, roomId, '?!')).toEqual([]);
});

test('an export has nobody’s secrets, and no text that was deleted (SPEC 1.9)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const message = await say(ann, roomId, 'zebra-secret-one');
  await ask(socket, 'chat:edit', { roomId, messageId: message.id, text: 'zebra-secret-two' });
  await ask(socket, 'chat:delete', { roomId, messageId: message.id });
  const lines = await fetch(`${server.url}/api/rooms/${roomId}/export`, {
    headers: { authorization: `Bearer ${ann.token}` },
  });
  const text = await lines.text();
  expect(text).toContain('"line":"end"');
  expect(text).not.toContain('zebra-secret');
  expect(text).not.toContain('argon2');
});

test('unread messages are counted from what one has read, others’ only (SPEC 2.7)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const ben = await Person.signUp(server, 'Ben');
  const { roomId } = await ann.createRoom();
  const unread = async (person: Person) =>
    (await person.call<RoomList>('GET', '/api/rooms')).body.rooms[0]?.unread;
  await say(ann, roomId, 'before Ben came');
  const { socket } = await ben.join(roomId);
  expect(await unread(ben)).toBe(0);
  await say(ann, roomId, 'one');
  const two = await say(ann, roomId, 'two');
  await say(ben, roomId, 'mine');
  expect([await unread(ben), await unread(ann)]).toEqual([2, 1]);
  const watching = (await ann.join(roomId)).socket;
  const receipt = next<Receipt>(watching, 'chat:receipt');
  expect(await ask(socket, 'chat:read', { roomId, seq: two.seq })).toMatchObject({
    ok: true,
    seq: two.seq,
  });
  expect(await receipt).toEqual({ roomId, userId: ben.userId, seq: two.seq });
  expect(await ask(socket, 'chat:read', { roomId, seq: 1 })).toMatchObject({
    ok: true,
    seq: two.seq,
  });
  expect(await unread(ben)).toBe(0);
});

test('two people have one room, whoever asks first, and nobody else knows of it', async ({
  server,
}) => {
  const [ann, ben, guest] = [
    await Person.signUp(server, 'Ann'),
    await Person.signUp(server, 'Ben'),
    await Person.signUp(server, 'Eve'),
  ];
  const open = (from: Person, to: Person) =>
    from.call<{ roomId: string; peer: { name: string } }>('POST', '/api/dms', {
      userId: to.userId,
    });
  const [one, two] = await Promise.all([open(ann, ben), open(ben, ann)]);
  expect(one.body.roomId).toBe(two.body.roomId);
  expect([one.status, two.status].sort()).toEqual([200, 201]);
  expect(one.body.peer.name).toBe('Ben');
  const { socket } = await ben.join(one.body.roomId);
  const heard = next<{ message: Message }>(socket, 'chat:message');
  await say(ann, one.body.roomId, 'just us');
  expect((await heard).message.text).toBe('just us');
  const listed = (await ben.call<RoomList>('GET', '/api/rooms')).body.rooms[0];
  expect(listed).toMatchObject({ room: { kind: 'direct' }, peer: { name: 'Ann' }, unread: 1 });
  expect((await guest.call('GET', `/api/rooms/${one.body.roomId}`)).status).toBe(404);
  expect((await ann.call('POST', '/api/dms', { userId: ann.userId })).status).toBe(400);
  expect((await ann.call('POST', '/api/dms', { userId: 'nobody' })).status).toBe(404);
});

test('who connects in a loop is told so', async () => {
  const server = await Server.start({ RATE_LIMIT_FACTOR: '0.05' });
  const ann = await Person.signUp(server, 'Ann');
  // A burst of five at this factor, and one in four seconds after that.
  const sockets = Array.from({ length: 8 }, () => ann.connect({ reconnection: false }));
  const outcomes = await Promise.all(
    sockets.map(
      async (socket) =>
        new Promise<string>((resolve) => {
          socket.once('connect', () => resolve('connected'));
          socket.once('connect_error', (error) => resolve(error.message));
        }),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === 'connected')).toHaveLength(5);
  expect(outcomes.filter((outcome) => outcome === 'rate_limited')).toHaveLength(3);
  await server.dispose();
});

test('too many messages are refused with the time to wait, and pass after it', async () => {
  const server = await Server.start({ RATE_LIMIT_FACTOR: '1' });
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const acks = await Promise.all(
    Array.from({ length: 20 }, async (_, n) =>
      ask(socket, 'chat:message', { roomId, text: `m${n}` }),
    ),
  );
  const refused = acks.flatMap((ack) => (ack.ok ? [] : [ack.error]));
  // A burst of ten, and what flowed in while they were under way.
  expect(refused.length).toBeGreaterThanOrEqual(8);
  expect(refused.length).toBeLessThanOrEqual(10);
  expect(refused[0]).toMatchObject({ code: 'rate_limited', retryable: true });
  const byHttp = await fetch(`${server.url}/api/rooms/${roomId}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ann.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'the same bucket by HTTP' }),
  });
  expect([byHttp.status, byHttp.headers.get('retry-after')]).toEqual([429, '1']);
  const wait = refused[0]?.retryAfterMs;
  if (!wait) throw new Error('no time to wait was told');
  expect(wait).toBeLessThanOrEqual(2500);
  await expect(async () => {
    expect((await ask(socket, 'chat:message', { roomId, text: 'now' })).ok).toBe(true);
  }).toPass({ intervals: [wait], timeout: 10_000 });
  await server.dispose();
});
