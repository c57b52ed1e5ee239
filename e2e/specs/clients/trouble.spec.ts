import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ask, disconnectAll, Person } from '../../people.ts';
import { binary, expect, test } from '../../server.ts';

test.afterEach(disconnectAll);

function start(...args: string[]): { code: number | null; words: string } {
  const words = ['serve', '--listen', '127.0.0.1:0', ...args];
  const env = { PATH: process.env['PATH'] };
  const run = spawnSync(binary, words, { env, timeout: 15_000 });
  return { code: run.status, words: String(run.stderr) };
}

test('a disk that is full is told to the client, and what was acknowledged stays', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const acked: string[] = [];
  await server.stop();
  // No file may grow beyond a little more than the log has now: the next writes fail as on a full disk.
  const { size } = await stat(path.join(server.dataDir, 'studyrooms.db'));
  const blocks = Math.ceil(size / 1024) + 256;
  const limit = `trap "" XFSZ; ulimit -f ${blocks}; exec "$@"`;
  await server.run(['bash', '-c', limit, 'limited']);
  const { socket } = await ann.join(roomId);
  const text = 'x'.repeat(4000);
  for (let n = 0; ; n++) {
    const ack = await ask(socket, 'chat:message', { roomId, text, eventId: `${n}` });
    if (ack.ok) {
      acked.push(`${n}`);
      continue;
    }
    expect(ack.error).toMatchObject({ code: 'unavailable', retryable: true });
    break;
  }
  expect(acked.length).toBeGreaterThan(0);
  expect((await ann.call('GET', '/api/me')).status).toBe(200);
  await server.stop();
  await server.run();
  const again = await ann.join(roomId);
  // What was refused succeeds when there is room again, under the same id.
  const retried = { roomId, text, eventId: `${acked.length}` };
  expect(await ask(again.socket, 'chat:message', retried)).toMatchObject({ ok: true });
  const stored: (string | undefined)[] = [];
  let query = '?limit=100&after=0';
  for (;;) {
    const page = await ann.history(roomId, query);
    stored.push(...page.messages.map((message) => message.eventId));
    if (page.next === null) break;
    query = `?limit=100&after=${page.next}`;
  }
  expect(stored).toEqual([...acked, `${acked.length}`]);
});

interface Readiness {
  ready: boolean;
  parts: Record<string, string>;
}

async function readiness(url: string): Promise<[number, Readiness]> {
  const answer = await fetch(`${url}/ready`);
  return [answer.status, (await answer.json()) as Readiness];
}

test('a server that cannot write is not ready, and is again when there is room (SPEC 11.6)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  await server.stop();
  const { size } = await stat(path.join(server.dataDir, 'studyrooms.db'));
  const blocks = Math.ceil(size / 1024) + 256;
  await server.run(['bash', '-c', `trap "" XFSZ; ulimit -S -f ${blocks}; exec "$@"`, 'limited']);
  expect(await readiness(server.url)).toEqual([200, { ready: true, parts: { store: 'ok' } }]);
  const { socket } = await ann.join(roomId);
  const text = 'x'.repeat(4000);
  const say = (n: number) => ask(socket, 'chat:message', { roomId, text, eventId: `${n}` });
  let said = 0;
  while ((await say(said)).ok) said += 1;
  const full = [503, { ready: false, parts: { store: 'unavailable' } }];
  await expect.poll(() => readiness(server.url), { timeout: 2000 }).toEqual(full);
  // Also when nobody writes any more: it asks by itself, and reading goes on.
  await new Promise((wait) => setTimeout(wait, 4000));
  expect(await readiness(server.url)).toEqual(full);
  expect((await ann.call('GET', '/api/me')).status).toBe(200);
  const raised = spawnSync('prlimit', ['--pid', String(server.pid), '--fsize=unlimited']);
  expect(raised.status, String(raised.stderr)).toBe(0);
  await expect.poll(async () => (await readiness(server.url))[0], { timeout: 10_000 }).toBe(200);
  expect(await say(said)).toMatchObject({ ok: true });
});

test('a store that was emptied or damaged is not begun anew, and says what to do (SPEC 11.5)', async ({
  server,
}) => {
  const database = path.join(server.dataDir, 'studyrooms.db');
  const [log, kept] = [`${database}-wal`, path.join(server.dataDir, 'kept')];
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  expect(await ask(socket, 'chat:message', { roomId, text: 'Kept' })).toMatchObject({ ok: true });
  await server.kill();
  await cp(database, kept);
  await cp(log, `${kept}-wal`);
  expect((await stat(log)).size).toBeGreaterThan(10_000);
  const restore = async () => {
    await cp(kept, database);
    await cp(`${kept}-wal`, log);
  };
  const refusedFor = (why: RegExp, file: string) => {
    const { code, words } = start('--data-dir', server.dataDir);
    expect(code, words).toBe(1);
    expect(words).toContain('studyrooms: DATA_DIR: ');
    expect(words).toMatch(why);
    expect(words).toContain(file);
    expect(words).toContain('restore a backup');
  };
  await writeFile(log, randomBytes(50_000));
  refusedFor(/damaged/, log);
  await restore();
  for (const empty of [() => truncate(database, 0), () => rm(database)]) {
    await empty();
    refusedFor(/empty or missing/, database);
    await rm(log);
    refusedFor(/empty or missing/, database);
    await restore();
  }
  await server.run();
  expect((await ann.history(roomId)).messages).toMatchObject([{ text: 'Kept' }]);
  // The file alone, as from a backup, is enough.
  await server.stop();
  for (const name of await readdir(server.dataDir)) {
    if (/^studyrooms\./.test(name) && name !== 'studyrooms.db')
      await rm(path.join(server.dataDir, name));
  }
  await server.run();
  expect((await ann.history(roomId)).messages).toMatchObject([{ text: 'Kept' }]);
});

test('what keeps the server from starting is told by the name of its setting (SPEC 11.7)', async ({
  server,
}) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'studyrooms-trouble-'));
  const file = path.join(directory, 'file');
  await writeFile(file, 'not a directory');
  await writeFile(path.join(directory, 'studyrooms.db'), 'SQLite this is not, '.repeat(500));
  const taken = start('--data-dir', server.dataDir);
  const below = start('--data-dir', path.join(file, 'below'));
  const corrupt = start('--data-dir', directory);
  for (const { code, words } of [taken, below, corrupt]) {
    expect(code, words).toBe(1);
    expect(words).toContain('studyrooms: DATA_DIR: ');
  }
  expect(taken.words).toContain('in use by another');
  expect(corrupt.words).toContain('not a readable database');
  await rm(directory, { recursive: true });
});
