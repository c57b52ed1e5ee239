import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type {
  BoardSaved,
  BoardUpdate,
  Description,
  MessageSent,
} from '../../../client/src/protocol/index.ts';
import parser from 'socket.io-msgpack-parser';
import { disconnectAll, next, Person } from '../../people.ts';
import { expect, test } from '../../server.ts';

test.afterEach(disconnectAll);

const run = promisify(execFile);
const here = path.resolve(import.meta.dirname, '../..');
const examples = path.resolve(here, '../examples');
const rust = process.env['RUST_EXAMPLES'] ?? path.join(examples, 'rust/target/debug');
const python = process.env['PYTHON'] ?? 'python3';

/** The same steps for all of them, and what comes of each. */
const outcomes = [
  ...['ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ...['bad_request', 'bad_request', 'not_in_room', 'ok'],
];

const clients: [string, string, string[], string[]][] = [
  [
    'socket.io-client',
    process.execPath,
    [path.join(here, 'stock/story.mjs')],
    ['websocket', 'polling', 'msgpack-websocket', 'msgpack-polling'],
  ],
  ['python-socketio', python, [path.join(here, 'python/story.py')], ['websocket', 'polling']],
  ['rust_socketio', path.join(rust, 'story'), [], ['websocket', 'polling']],
];

for (const [name, program, first, transports] of clients) {
  for (const transport of transports) {
    test(`${name} over ${transport} goes through the whole story`, async ({ server }) => {
      const ann = await Person.signUp(server, 'Ann');
      const { roomId } = await ann.createRoom();
      const { socket, state } = await ann.join(roomId);
      const heard = Promise.all([
        next<MessageSent>(socket, 'chat:message'),
        next<BoardUpdate>(socket, 'whiteboard:update'),
        next<Description>(socket, 'signal:offer'),
      ]);
      const stock = await Person.signUp(server, 'Stock');
      const args = [server.url, stock.token, roomId, transport, state.you.socketId];
      const { stdout } = await run(program, [...first, ...args], { timeout: 60_000 });
      expect(JSON.parse(stdout)).toEqual(outcomes);
      const [message, update, offer] = await heard;
      expect(message.message).toMatchObject({
        text: 'hello',
        senderId: stock.userId,
        eventId: 'story-1',
      });
      expect(update.ops).toMatchObject([
        {
          type: 'stroke',
          points: [
            [1, 2],
            [3, 4],
          ],
        },
      ]);
      expect(offer).toMatchObject({
        sdp: { type: 'offer', sdp: 'v=0' },
        user: { userId: stock.userId },
      });
      // Sent twice under one event: there once.
      expect((await ann.history(roomId)).messages).toHaveLength(1);
    });
  }
}

test('clients of both parsers talk in one room, and a picture may come as bytes', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const ben = await Person.signUp(server, 'Ben');
  const { roomId } = await ann.createRoom();
  const { socket: json } = await ann.join(roomId);
  const { socket: packed } = await ben.join(roomId, { parser, path: '/socket.io-msgpack/' });
  for (const [from, to] of [
    [json, packed],
    [packed, json],
  ] as const) {
    const heard = next<MessageSent>(
      to,
      'chat:message',
      ({ message }) => message.text === `from ${from.id}`,
    );
    const ack = (await from.emitWithAck('chat:message', { roomId, text: `from ${from.id}` })) as {
      ok: boolean;
    };
    expect(ack.ok).toBe(true);
    await heard;
  }
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  for (const socket of [json, packed]) {
    const saved = (await socket.emitWithAck('whiteboard:save', { roomId, dataUrl: png })) as {
      ok: true;
    } & BoardSaved;
    expect(saved).toMatchObject({
      ok: true,
      version: { dataUrl: `data:image/png;base64,${png.toString('base64')}` },
    });
    expect(await socket.emitWithAck('chat:message', { roomId, text: png })).toMatchObject({
      ok: false,
      error: { code: 'bad_request', message: expect.stringMatching(/^text: /) as unknown },
    });
  }
});

test('what JavaScript leaves undefined is absent for both parsers, and what is no number is said', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const auth = { token: ann.token, session: undefined };
  for (const options of [{}, { parser, path: '/socket.io-msgpack/' }]) {
    const { socket } = await ann.join(roomId, { ...options, auth });
    const message = { roomId, text: 'hello', replyTo: undefined, attachments: undefined };
    expect(await socket.emitWithAck('chat:message', message)).toMatchObject({ ok: true });
    const cursor = { roomId, x: Number.NaN, y: 1 };
    expect(await socket.emitWithAck('whiteboard:cursor', cursor)).toMatchObject({
      ok: false,
      error: { code: 'bad_request', message: expect.stringMatching(/^x: /) as unknown },
    });
  }
  const { socket } = await ann.join(roomId, { parser, path: '/socket.io-msgpack/' });
  const lengths = { roomId, focusMin: Number.NaN };
  expect(await socket.emitWithAck('timer:start', lengths)).toMatchObject({
    ok: false,
    error: { code: 'bad_request', message: expect.stringMatching(/^focusMin: /) as unknown },
  });
});

test('the examples of the README greet the room', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const programs: [string, string, string[], string?][] = [
    // From standard input, so that it finds socket.io-client in this folder's packages.
    [
      'JavaScript',
      process.execPath,
      ['--input-type=module', '-'],
      path.join(examples, 'js/hello.mjs'),
    ],
    ['Python', python, [path.join(examples, 'python/hello.py')]],
    ['Rust', path.join(rust, 'hello'), []],
  ];
  for (const [language, program, first, source] of programs) {
    const heard = next<MessageSent>(socket, 'chat:message');
    const greeter = await Person.signUp(server, language);
    const args = [...first, server.url, greeter.token, roomId];
    const running = run(program, args, { timeout: 60_000, cwd: here });
    if (source) running.child.stdin?.end(readFileSync(source));
    expect((await heard).message.text).toBe(`Hello from ${language}`);
    expect((await running).stdout).toContain(`Hello from ${language}`);
  }
});
