import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ask, disconnectAll, Person } from '../../people.ts';
import { binary, expect, Server, test } from '../../server.ts';

test.afterEach(disconnectAll);

const mongodb = process.env['MONGODB_URI'];

/** Where a store is, as the program is told. */
type Place = Record<string, string>;

function run(
  words: string[],
  place: Place,
  input = '',
): { code: number | null; out: string; words: string } {
  const env = { PATH: process.env['PATH'], ...place };
  const done = spawnSync(binary, words, { env, input, timeout: 60_000, maxBuffer: 1 << 28 });
  return { code: done.status, out: String(done.stdout), words: String(done.stderr) };
}

/** A room with a past: three people, chat, and a board; exported. */
async function past(server: Server): Promise<{ roomId: string; lines: string }> {
  const people = await Promise.all(
    ['Ann', 'Bob', 'Eve'].map((name) => Person.signUp(server, name)),
  );
  const [ann] = people;
  if (!ann) throw new Error('no one');
  const { roomId, code } = await ann.createRoom('Übung – λ', {
    whoDraws: 'everyone',
    capacity: 12,
  });
  for (const person of people) {
    const { socket } = await person.join(code);
    const sent = Array.from({ length: 150 }, (_, n) =>
      Promise.all([
        ask(socket, 'chat:message', { roomId, text: `${person.name} ${n} “quoted” 😀` }),
        ask(socket, 'whiteboard:draw', {
          roomId,
          ops: [
            {
              type: 'stroke',
              points: [
                [n, 0.1 + n],
                [n / 3, -1, 0.5],
              ],
              color: '#abc',
              width: 1.5,
            },
          ],
        }),
      ]),
    );
    for (const acks of await Promise.all(sent)) expect(acks.every((ack) => ack.ok)).toBe(true);
    socket.disconnect();
  }
  await server.stop();
  const exported = run(['export', code], server.place);
  expect(exported.code, exported.words).toBe(0);
  return { roomId, lines: exported.out };
}

test('a room moves from machine to machine without losing a line (SPEC 1.10)', async ({
  server,
}) => {
  const { roomId, lines } = await past(server);
  expect(lines.split('\n').length).toBeGreaterThan(900);
  const directory = await mkdtemp(path.join(tmpdir(), 'studyrooms-import-'));
  const there = { DATA_DIR: directory };
  const cut = run(['import'], there, lines.slice(0, lines.length / 2));
  expect(cut.code).toBe(1);
  expect(cut.words).toMatch(/line \d+: |end early/);
  // What was cut off is completed by all of it, and all of it twice is it once.
  for (let n = 0; n < 2; n++) {
    const imported = run(['import'], there, lines);
    expect(imported.code, imported.words).toBe(0);
    expect(run(['export', roomId], there).out).toBe(lines);
  }
  await rm(directory, { recursive: true });
});

test('a room moves to MongoDB and back, and its people sign in there (SPEC 1.10)', async ({
  server,
}) => {
  if (!mongodb) throw new Error('MONGODB_URI is not set: run scripts/test');
  const { roomId, lines } = await past(server);
  const there = { MONGODB_URI: mongodb, MONGODB_DB: `e2e_${randomUUID().slice(0, 8)}` };
  const imported = run(['import'], there, lines);
  expect(imported.code, imported.words).toBe(0);
  expect(run(['export', roomId], there).out).toBe(lines);

  const moved = await Server.start(there);
  const email = /"email":"(ann-[^"]+)"/.exec(lines)?.[1];
  const login = await fetch(`${moved.url}/api/auth/login`, {
    method: 'POST',
    body: JSON.stringify({ email, password: 'a good password' }),
  });
  const { accessToken } = (await login.json()) as { accessToken: string };
  const ann = Person.signedIn(moved, 'Ann', accessToken);
  const { socket, state } = await ann.join(roomId);
  expect(state.messages.at(-1)?.text).toContain('Eve 149');
  const ack = await ask(socket, 'chat:message', { roomId, text: 'we have moved' });
  expect(ack).toMatchObject({ ok: true, message: { seq: state.chatSeq + 2 } });
  await moved.dispose();
});

test('MongoDB that cannot be reached is an error by its name, and never the embedded store (SPEC 11.7)', () => {
  const began = Date.now();
  const place = { MONGODB_URI: 'mongodb://someone:secret@127.0.0.1:9/', DATA_DIR: tmpdir() };
  const { code, words } = run(['serve', '--listen', '127.0.0.1:0'], place);
  expect(code).toBe(1);
  expect(words).toContain('studyrooms: MONGODB_URI: ');
  expect(words).not.toContain('secret');
  expect(Date.now() - began).toBeLessThan(15_000);
});

test('what is no export is refused by its line', async ({ server }) => {
  await server.stop();
  expect(run(['import'], server.place, 'hello\n').words).toContain('line 1: ');
  expect(run(['import'], server.place, '{"line":"header","format":99}\n').words).toContain(
    'line 1: ',
  );
  const headless = '{"line":"header","format":1}\n{"line":"end","chatSeq":5,"boardSeq":0}\n';
  expect(run(['import'], server.place, headless).words).toContain(
    'line 2: entries before it are missing',
  );
  expect(run(['export', 'nowhere'], server.place).words).toContain('nowhere: no such room');
});

test('two people find their direct room again where it was moved to', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const ben = await Person.signUp(server, 'Ben');
  const direct = async (from: Person) =>
    (await from.call<{ roomId: string }>('POST', '/api/dms', { userId: ben.userId })).body.roomId;
  const roomId = await direct(ann);
  await ann.call('POST', `/api/rooms/${roomId}/messages`, { text: 'just us' });
  await server.stop();
  const lines = run(['export', roomId], server.place).out;
  const secret = String(await readFile(path.join(server.dataDir, 'jwt.secret')));
  const moved = await Server.start({ JWT_SECRET: secret });
  await moved.stop();
  expect(run(['import'], { DATA_DIR: moved.dataDir }, lines).code).toBe(0);
  await moved.run();
  const annThere = Person.signedIn(moved, 'Ann', ann.token, ann.userId);
  expect(await direct(annThere)).toBe(roomId);
  expect((await annThere.history(roomId)).messages.map(({ text }) => text)).toEqual(['just us']);
  await moved.dispose();
});
