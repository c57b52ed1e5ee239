import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
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

test('what keeps the server from starting is told by the name of its setting', async ({
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
