import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import messagepack from 'socket.io-msgpack-parser';
import type { WebSocket } from 'ws';
import type { ErrorBody, ErrorEvent, ErrorInfo } from '../../../client/src/protocol/index.ts';
import { ask, call, connect, disconnectAll, next, Person, refusal } from '../../people.ts';
import { expect, Server, test } from '../../server.ts';

test.afterEach(disconnectAll);

/** Sends anything at all, and tells why it was refused. */
async function refused(socket: Socket, event: string, ...payload: unknown[]): Promise<ErrorInfo> {
  const ack = (await socket.timeout(10_000).emitWithAck(event, ...payload)) as
    { ok: true } | { ok: false; error: ErrorInfo };
  if (ack.ok) throw new Error(`${event} was accepted`);
  return ack.error;
}

test('without a good token no one connects, and the code says why', async ({ server }) => {
  expect(await refusal(connect(server, {}))).toBe('unauthorized');
  expect(await refusal(connect(server, { token: 5 }))).toBe('unauthorized');
  expect(await refusal(connect(server, { token: 'x.y.z' }))).toBe('unauthorized');
  const other = await Server.start();
  const stranger = await Person.signUp(other, 'Eve');
  expect(await refusal(connect(server, { token: stranger.token }))).toBe('unauthorized');
  await other.dispose();
});

test('an expired token is told apart, and ends a live socket', async () => {
  const secret = randomBytes(32).toString('hex');
  const server = await Server.start({ JWT_SECRET: secret });
  const ann = await Person.signUp(server, 'Ann');
  const sign = (secondsLeft: number) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const kid = createHash('sha256').update(secret).digest('hex').slice(0, 8);
    const claims = { iss: 'studyrooms', aud: 'studyrooms', sub: ann.userId, guest: false };
    const body = `${part({ alg: 'HS256', kid })}.${part({ ...claims, iat: now, exp: now + secondsLeft })}`;
    return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
  };
  expect(await refusal(connect(server, { token: sign(-1) }))).toBe('token_expired');
  const socket = connect(server, { token: sign(2) }, { reconnection: false });
  const ended = new Promise((resolve) => socket.once('disconnect', resolve));
  expect(await next<ErrorEvent>(socket, 'error')).toMatchObject({ code: 'token_expired' });
  expect(await ended).toBe('io server disconnect');
  await server.dispose();
});

test('what is missing or of another type is named, and the connection stays (SPEC 11.1)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const room = await ann.createRoom();
  const { socket } = await ann.join(room.roomId);
  const roomId = room.roomId;
  const cases: [string, unknown, string][] = [
    ['chat:message', { roomId }, 'missing field `text`'],
    ['chat:message', { roomId, text: 5 }, 'text:'],
    ['chat:message', { roomId, text: '  ' }, 'text:'],
    ['chat:message', { roomId, text: 'x', eventId: '' }, 'eventId:'],
    ['chat:message', { roomId, text: 'x', attachments: [{}] }, 'attachments[0]'],
    ['chat:message', 'just text', 'invalid type'],
    ['chat:message', null, 'invalid type'],
    ['joinRoom', {}, 'missing field `roomId`'],
    ['joinRoom', { roomId, chatSeq: 'one' }, 'chatSeq:'],
    ['joinRoom', { roomId, chatSeq: -1 }, 'chatSeq:'],
    ['joinRoom', { roomId, name: '' }, 'name:'],
    ['presence:typing', { roomId, isTyping: 'yes' }, 'isTyping:'],
    ['media:state', { roomId, audio: true }, 'missing field `video`'],
    ['whiteboard:draw', { roomId, ops: [] }, 'ops:'],
    ['whiteboard:draw', { roomId, ops: [{ type: 'explode' }] }, 'ops[0]'],
    ['whiteboard:draw', { roomId, ops: [{ type: 'erase', ids: ['<b>'] }] }, 'ops[0].ids'],
    ['whiteboard:cursor', { roomId, x: 'left', y: 0 }, 'x:'],
    ['signal:offer', { sdp: {} }, 'missing field `toSocketId`'],
    ['no:such:event', {}, 'event: unknown name'],
  ];
  for (const [event, payload, message] of cases) {
    const error = await refused(socket, event, payload);
    expect(error, event).toMatchObject({ code: 'bad_request', retryable: false });
    expect(error.message, event).toContain(message);
  }
  expect(await refused(socket, 'chat:message')).toMatchObject({ code: 'bad_request' });
  // Without an ack the failure comes as an event.
  const error = next<ErrorEvent>(socket, 'error');
  socket.emit('chat:message', { roomId });
  expect(await error).toMatchObject({ code: 'bad_request', event: 'chat:message' });
  expect(socket.connected).toBe(true);
});

test('rooms that are not there and rooms one is not in have their codes', async ({ server }) => {
  const [ann, eve] = [await Person.signUp(server, 'Ann'), await Person.signUp(server, 'Eve')];
  const room = await ann.createRoom();
  const socket = eve.connect();
  expect(await refused(socket, 'joinRoom', { roomId: 'nowhere' })).toMatchObject({
    code: 'not_found',
  });
  const { roomId } = room;
  for (const [event, payload] of [
    ['chat:message', { roomId, text: 'let me in' }],
    ['whiteboard:draw', { roomId, ops: [{ type: 'clear' }] }],
    ['presence:typing', { roomId, isTyping: true }],
    ['media:state', { roomId, audio: true, video: true, screen: true }],
    ['leaveRoom', { roomId }],
  ] as const) {
    expect(await refused(socket, event, payload), event).toMatchObject({ code: 'not_in_room' });
  }
  const missing = await eve.call<ErrorBody>('GET', `/api/rooms/${roomId}/messages`);
  expect([missing.status, missing.body.error.code]).toEqual([404, 'not_found']);
  const members = await ann.createRoom('Private', { access: 'members' });
  expect(await refused(socket, 'joinRoom', { roomId: members.code })).toMatchObject({
    code: 'forbidden',
  });
});

test('a signal goes nowhere but to a socket in the same room (SPEC 3.4)', async ({ server }) => {
  const [ann, bob] = [await Person.signUp(server, 'Ann'), await Person.signUp(server, 'Bob')];
  const [here, there] = [await ann.createRoom('Here'), await bob.createRoom('There')];
  const { socket: annSocket } = await ann.join(here.roomId);
  const { socket: bobSocket, state } = await bob.join(there.roomId);
  let heard = 0;
  bobSocket.on('signal:offer', () => heard++);
  for (const toSocketId of [state.you.socketId, bobSocket.id, 'nobody']) {
    const error = await refused(annSocket, 'signal:offer', { toSocketId, sdp: 'v=0' });
    expect(error).toMatchObject({ code: 'not_in_room' });
  }
  // What Bob would have heard would have come before the answer to this.
  await ask(bobSocket, 'presence:typing', { roomId: there.roomId, isTyping: true });
  expect(heard).toBe(0);
});

for (const transports of [['websocket'], ['polling']]) {
  test(`an event too large for its kind is refused by its name over ${transports.join()}, and the socket lives on`, async ({
    server,
  }) => {
    const ann = await Person.signUp(server, 'Ann');
    const room = await ann.createRoom();
    const { socket, state } = await ann.join(room.roomId, { transports });
    const { roomId } = room;
    const toSocketId = state.you.socketId;
    for (const [event, payload, limit] of [
      ['chat:message', { roomId, text: 'x'.repeat(33 << 10) }, '32 KiB'],
      ['whiteboard:cursor', { roomId, x: 1, y: 1, tool: 'x'.repeat(33 << 10) }, '32 KiB'],
      ['signal:offer', { toSocketId, sdp: 'x'.repeat(65 << 10) }, '64 KiB'],
      ['whiteboard:draw', { roomId, ops: [{ type: 'x'.repeat(257 << 10) }] }, '256 KiB'],
      ['whiteboard:save', { roomId, title: 'x'.repeat(1025 << 10) }, '1024 KiB'],
      ['no:such:event', { roomId, text: 'x'.repeat(33 << 10) }, '32 KiB'],
    ] as const) {
      expect(await refused(socket, event, payload), event).toMatchObject({
        code: 'too_large',
        message: `payload: at most ${limit}`,
      });
    }
    // A field has its own limit still, and a signal its larger one.
    const long = await refused(socket, 'chat:message', { roomId, text: 'x'.repeat(20 << 10) });
    expect(long).toMatchObject({ code: 'too_large', message: 'text: at most 4000 characters' });
    const offered = next<{ sdp: { sdp: string } }>(socket, 'signal:offer');
    const sdp = { type: 'offer', sdp: 'x'.repeat(60 << 10) } as const;
    await ask(socket, 'signal:offer', { toSocketId, sdp });
    expect((await offered).sdp.sdp).toHaveLength(60 << 10);
    const ok = await ask(socket, 'chat:message', { roomId: room.roomId, text: 'still here' });
    expect(ok.ok).toBe(true);
    expect((await call(server, 'GET', '/health')).status).toBe(200);
  });
}

/** Whether the socket lives on, by an answer that is good. */
async function livesOn(socket: Socket, roomId: string): Promise<boolean> {
  return (await ask(socket, 'chat:message', { roomId, text: 'still here' })).ok;
}

for (const [name, options] of [
  ['JSON', {}],
  ['MessagePack', { parser: messagepack, path: '/socket.io-msgpack/' }],
] as const) {
  test(`a frame over the limit is answered in ${name} by websocket, and the connection lives on`, async ({
    server,
  }) => {
    const ann = await Person.signUp(server, 'Ann');
    const { roomId } = await ann.createRoom();
    const { socket } = await ann.join(roomId, options);
    const lost: string[] = [];
    socket.on('disconnect', (reason) => lost.push(reason));
    for (const mebibytes of [1.3, 5, 20]) {
      const text = 'é'.repeat((mebibytes / 2) * (1 << 20));
      if (name === 'JSON') {
        const error = await refused(socket, 'chat:message', { roomId, text });
        expect(error).toMatchObject({ code: 'too_large', message: 'payload: at most 32 KiB' });
      } else {
        // It cannot be read at all, so nothing tells which event it was.
        const error = next<ErrorEvent>(socket, 'error');
        socket.emit('chat:message', { roomId, text });
        expect(await error).toEqual({ code: 'too_large', message: 'frame: at most 1280 KiB' });
      }
      expect(await livesOn(socket, roomId)).toBe(true);
    }
    // The largest frame passes, and what is in it is judged by its event.
    const save = { roomId, title: 'x'.repeat(1_200_000) };
    expect(await refused(socket, 'whiteboard:save', save)).toMatchObject({ code: 'too_large' });
    expect(lost).toEqual([]);
  });

  for (const transports of [['websocket'], ['polling']]) {
    test(`a payload nested 200 deep is a bad request in ${name} by ${transports.join()}`, async ({
      server,
    }) => {
      const ann = await Person.signUp(server, 'Ann');
      const { roomId } = await ann.createRoom();
      const { socket } = await ann.join(roomId, { ...options, transports });
      for (const depth of [200, 1_000]) {
        let deep: unknown = 1;
        for (let n = 0; n < depth; n++) deep = n % 2 ? [deep] : { deep };
        for (const [event, payload] of [
          ['chat:message', { roomId, text: deep }],
          ['signal:offer', { toSocketId: 'nobody', sdp: deep }],
          ['no:such:event', deep],
        ] as const) {
          const error = await refused(socket, event, payload);
          expect(error, `${event} ${depth}`).toMatchObject({ code: 'bad_request' });
        }
      }
      expect(await livesOn(socket, roomId)).toBe(true);
    });
  }
}

test('MessagePack over the limit in fragments is answered, and the connection lives on', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId, {
    parser: messagepack,
    path: '/socket.io-msgpack/',
    transports: ['websocket'],
  });
  const lost: string[] = [];
  socket.on('disconnect', (reason) => lost.push(reason));
  const { ws } = socket.io.engine.transport as unknown as { ws: WebSocket };
  const part = Buffer.alloc(500_000, 1);
  for (let round = 0; round < 3; round++) {
    const error = next<ErrorEvent>(socket, 'error');
    for (let n = 0; n < 5; n++) ws.send(part, { binary: true, fin: n === 4 });
    expect(await error).toEqual({ code: 'too_large', message: 'frame: at most 1280 KiB' });
    expect(await livesOn(socket, roomId)).toBe(true);
  }
  expect(lost).toEqual([]);
});

test('the handshake tells how large a frame may be, and a larger POST is answered 413', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId, { transports: ['polling'] });
  const handshake = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
  const { maxPayload } = JSON.parse((await handshake.text()).slice(1)) as { maxPayload: number };
  expect(maxPayload).toBe(1_310_720);
  const address = `${server.url}/socket.io/?EIO=4&transport=polling&sid=${socket.io.engine.id}`;
  const body = `42/rooms,["chat:message",{"roomId":"${roomId}","text":"${'x'.repeat(5 << 20)}"}]`;
  const answer = await fetch(address, { method: 'POST', body });
  expect(answer.status).toBe(413);
  const { error } = (await answer.json()) as ErrorBody;
  expect(error).toMatchObject({ code: 'too_large', message: 'frame: at most 1280 KiB' });
  expect(await livesOn(socket, roomId)).toBe(true);
});

test('bad requests by HTTP get the fitting status and a code (SPEC 11.1)', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const cases: [string, string, unknown, string | undefined, number, string][] = [
    [
      'POST',
      '/api/auth/signup',
      { email: 'x', password: 'long enough', name: 'X' },
      undefined,
      400,
      'bad_request',
    ],
    [
      'POST',
      '/api/auth/signup',
      { email: 'x@y.z', password: 'short', name: 'X' },
      undefined,
      400,
      'bad_request',
    ],
    [
      'POST',
      '/api/auth/login',
      { email: 'no@one.org', password: 'whatever1' },
      undefined,
      401,
      'unauthorized',
    ],
    ['POST', '/api/auth/refresh', {}, undefined, 401, 'unauthorized'],
    ['POST', '/api/auth/guest', { name: 'G', roomId: 'none' }, undefined, 404, 'not_found'],
    ['GET', '/api/me', undefined, undefined, 401, 'unauthorized'],
    ['GET', '/api/me', undefined, 'nonsense', 401, 'unauthorized'],
    ['POST', '/api/rooms', { title: '' }, ann.token, 400, 'bad_request'],
    [
      'POST',
      '/api/rooms',
      { title: 'x', settings: { capacity: 0 } },
      ann.token,
      400,
      'bad_request',
    ],
    ['POST', '/api/rooms', { title: 'x'.repeat(33_000) }, ann.token, 413, 'too_large'],
    ['GET', '/api/rooms/none', undefined, ann.token, 404, 'not_found'],
    ['GET', '/api/nothing', undefined, ann.token, 404, 'not_found'],
    ['PUT', '/api/rooms', {}, ann.token, 405, 'bad_request'],
  ];
  for (const [method, path, body, token, status, code] of cases) {
    const answer = await call<ErrorBody>(server, method, path, body, token);
    expect([path, answer.status, answer.body.error.code]).toEqual([path, status, code]);
    expect(answer.body.error.message).toBeTruthy();
  }
  const again = { email: 'twice@example.org', password: 'a good password', name: 'T' };
  expect((await call(server, 'POST', '/api/auth/signup', again)).status).toBe(201);
  expect((await call(server, 'POST', '/api/auth/signup', again)).status).toBe(409);
});

test('a page of another origin may not use the server', async ({ server }) => {
  const foreign = await fetch(`${server.url}/api/auth/refresh`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
  });
  expect(foreign.status).toBe(403);
  const socket = connect(server, {}, { extraHeaders: { origin: 'https://evil.example' } });
  expect(await refusal(socket)).toBe('websocket error');
});
