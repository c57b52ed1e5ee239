import type { OwnStats, SummaryPage } from '../../../client/src/protocol/index.ts';
import { ask, disconnectAll, Person } from '../../people.ts';
import { Receiver } from '../../receiver.ts';
import { expect, Server, test } from '../../server.ts';
import { command, daysOf, entriesOf, expectAll, isAllTaken, withFocus } from '../../worker.ts';

/** The worker within `serve`, on one machine. */

const minute = 60_000;

let receiver: Receiver;
let server: Server | undefined;

async function serve(environment: Record<string, string> = {}): Promise<Server> {
  server = await Server.start({ ...receiver.environment, ...environment });
  return server;
}

async function exported(ann: Person, roomId: string): Promise<string> {
  const answer = await fetch(`${server?.url}/api/rooms/${roomId}/export`, {
    headers: { authorization: `Bearer ${ann.token}` },
  });
  return answer.text();
}

test.beforeEach(async () => {
  receiver = await Receiver.start();
});

test.afterEach(async ({}, info) => {
  disconnectAll();
  await receiver.close();
  if (info.status !== info.expectedStatus) {
    await info.attach('server log', { body: server?.log ?? '', contentType: 'text/plain' });
  }
  await server?.dispose();
  server = undefined;
});

test('killed again and again under load, every entry is told, and counted once (SPEC 12.1, 12.2)', async () => {
  const here = await serve();
  const ann = await Person.signUp(here, 'Ann');
  const { roomId } = await ann.createRoom();
  let said = 0;
  for (let round = 1; round <= 4; round++) {
    const { socket } = await ann.join(roomId, { reconnection: false });
    let alive = true;
    const write = async (writer: number) => {
      for (let n = 0; alive; n++) {
        const eventId = `${round}-${writer}-${n}`;
        const ack = await ask(socket, 'chat:message', { roomId, text: eventId, eventId });
        if (ack.ok) said++;
      }
    };
    const writing = Promise.allSettled(Array.from({ length: 4 }, (_, writer) => write(writer)));
    // Killed while it takes entries from the log, and while it delivers.
    const [before, told] = [said, receiver.calls.length];
    await expect.poll(() => said - before, { intervals: [5] }).toBeGreaterThan(40);
    await expect.poll(() => receiver.calls.length - told, { intervals: [5] }).toBeGreaterThan(5);
    await here.kill();
    alive = false;
    socket.disconnect();
    await writing;
    await here.run();
  }
  const { socket } = await ann.join(roomId);
  const last = await ask(socket, 'chat:message', { roomId, text: 'the last' });
  if (!last.ok) throw new Error(last.error.message);
  await ask(socket, 'chat:delete', { roomId, messageId: last.message.id });
  const entries = entriesOf(await exported(ann, roomId));
  expect(entries.length).toBeGreaterThan(160);
  // What was under way at the last kill is tried anew when its lease is over.
  await expect.poll(() => isAllTaken(receiver, entries), { timeout: 40_000 }).toBe(true);
  expectAll(receiver, entries);
  const days = async () =>
    (await ann.call<SummaryPage>('GET', `/api/rooms/${roomId}/summaries`)).body.summaries;
  await expect.poll(days).toEqual(daysOf(entries));
  expect(here.log).not.toContain('not-for-logs');
});

test('focus minutes of all rooms, and the days of each, are what the logs say (SPEC 8.2, 12.2)', async () => {
  const here = await serve();
  const ann = await Person.signUp(here, 'Ann');
  const ben = await Person.signUp(here, 'Ben');
  const rooms = [await ann.createRoom('First'), await ann.createRoom('Second')];
  for (const { roomId } of rooms) {
    const { socket } = await ann.join(roomId);
    await ask(socket, 'chat:message', { roomId, text: 'hello' });
  }
  disconnectAll();
  await here.stop();
  const noon = Date.UTC(2026, 2, 1, 12);
  const both = [ann.userId, ben.userId];
  const stretches = [
    [
      { from: noon, to: noon + 25 * minute, people: both },
      { from: noon + 24 * 60 * minute, to: noon + (24 * 60 + 50) * minute, people: [ann.userId] },
    ],
    // Ten minutes of it while she was in the first room too.
    [{ from: noon + 15 * minute, to: noon + 45 * minute, people: [ann.userId] }],
  ];
  const pasts: string[] = [];
  for (const [at, { roomId }] of rooms.entries()) {
    const past = command(['export', roomId], here.place);
    pasts.push(withFocus(past, roomId, stretches[at] ?? []));
    command(['import'], here.place, pasts[at]);
  }
  await here.run();
  const stats = async (who: Person) => (await who.call<OwnStats>('GET', '/api/me/stats')).body;
  await expect
    .poll(() => stats(ann))
    .toEqual({
      totalMinutes: 95,
      streakDays: 0,
      days: [
        { date: '2026-03-01', minutes: 45 },
        { date: '2026-03-02', minutes: 50 },
      ],
      next: null,
    });
  const page = async (query: string) =>
    (await ann.call<OwnStats>('GET', `/api/me/stats?${query}`)).body;
  const newestDay = await page('limit=1');
  expect(newestDay).toMatchObject({
    totalMinutes: 95,
    days: [{ date: '2026-03-02', minutes: 50 }],
  });
  const earlier = await page(`limit=366&before=${newestDay.next}`);
  expect(earlier).toMatchObject({ days: [{ date: '2026-03-01', minutes: 45 }], next: null });
  for (const wrong of ['before=yesterday', 'limit=0', 'limit=367']) {
    const refused = await ann.call<{ error: { message: string } }>('GET', `/api/me/stats?${wrong}`);
    expect(refused.status).toBe(400);
    expect(refused.body.error.message).toContain(wrong.split('=')[0]);
  }
  await expect.poll(() => stats(ben)).toMatchObject({ totalMinutes: 25 });
  for (const [at, { roomId }] of rooms.entries()) {
    const path = `/api/rooms/${roomId}/summaries`;
    const all = daysOf(entriesOf(pasts[at] ?? ''));
    const page = async (query = '') => (await ann.call<SummaryPage>('GET', path + query)).body;
    await expect.poll(async () => (await page()).summaries).toEqual(all);
    const newest = await page('?limit=1');
    expect(newest.summaries.map(({ date }) => date)).toEqual([all.at(-1)?.['date']]);
    const before = await page(`?limit=100&before=${newest.next}`);
    expect(before).toEqual({ summaries: all.slice(0, -1), next: null });
    for (const wrong of ['before=yesterday', 'limit=0', 'limit=101']) {
      const refused = await ann.call<{ error: { message: string } }>('GET', `${path}?${wrong}`);
      expect(refused.status).toBe(400);
      expect(refused.body.error.message).toContain(wrong.split('=')[0]);
    }
    // Counted again from the start, nothing is counted twice.
    await here.kill();
    await here.run();
    expect((await page(`?before=${newest.next}`)).summaries).toEqual(all.slice(0, -1));
  }
  expect((await stats(ann)).totalMinutes).toBe(95);
});

test('a receiver that is down is tried with growing pauses; given up, it is tried anew by hand', async () => {
  const here = await serve({ WEBHOOK_FIRST_RETRY: '0.001' });
  const ann = await Person.signUp(here, 'Ann');
  receiver.react = () => 503;
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  socket.disconnect();
  const joined = () => receiver.calls.filter(({ entry }) => entry.type === 'joined');
  await expect.poll(() => joined().length, { timeout: 60_000 }).toBe(12);
  const metric = async () => {
    const text = await (await fetch(`${here.url}/metrics`)).text();
    return Number(/^studyrooms_webhooks_total\{outcome="dead"\} (\d+)$/m.exec(text)?.[1]);
  };
  await expect.poll(metric).toBeGreaterThan(0);
  const pauses = joined().map(({ at }, n, all) => at - (all[n - 1]?.at ?? at));
  // Those that are long against the time that a try itself takes, and not yet at their longest.
  for (const n of [7, 8]) {
    expect(pauses[n] ?? 0, `pause ${n} of ${pauses.join(' ')}`).toBeGreaterThan(
      1.5 * (pauses[n - 1] ?? Infinity),
    );
  }
  await here.stop();
  const place = { ...here.place, ...receiver.environment };
  const listed = command(['webhooks', 'list'], place);
  expect(listed).toContain(`${roomId}:1\t127.0.0.1\t12 tries\tstatus 503`);
  expect(listed).not.toContain('not-for-logs');
  expect(() => command(['webhooks', 'drop'], place)).toThrow('--all');
  const [id = ''] = listed.split('\t');
  expect(command(['webhooks', 'retry', id], place)).toBe('1 to be tried anew\n');
  receiver.react = () => 204;
  await here.run();
  await expect.poll(() => receiver.taken.size).toBeGreaterThan(0);
  expect([...receiver.taken.values()].flat().map((call) => call.entry)).toContainEqual(
    joined()[0]?.entry,
  );
  await here.stop();
  command(['webhooks', 'drop', '--all'], place);
  expect(command(['webhooks', 'list'], place)).toBe('');
});

test('one that answers 410 is told no more of it; one that asks for time gets it', async () => {
  const here = await serve({ WEBHOOK_FIRST_RETRY: '0.01' });
  const ann = await Person.signUp(here, 'Ann');
  const { roomId } = await ann.createRoom();
  receiver.react = ({ entry }, count) => {
    if (entry.payload['text'] === 'gone') return 410;
    return entry.payload['text'] === 'later' && count === 1 ? [429, { 'retry-after': '1' }] : 204;
  };
  for (const text of ['gone', 'later', 'now']) {
    await ann.call('POST', `/api/rooms/${roomId}/messages`, { text });
  }
  const of = (text: string) => receiver.calls.filter(({ entry }) => entry.payload['text'] === text);
  await expect.poll(() => of('later').map(({ status }) => status)).toEqual([429, 204]);
  const [first, second] = of('later');
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  expect(of('gone').map(({ status }) => status)).toEqual([410]);
  expect(of('now').map(({ status }) => status)).toEqual([204]);
});

test('what was deleted before it could be told is told without its text (SPEC 1.9, 12.1)', async () => {
  const here = await serve({ WEBHOOK_FIRST_RETRY: '1' });
  const ann = await Person.signUp(here, 'Ann');
  const { roomId } = await ann.createRoom();
  await receiver.close();
  const { socket } = await ann.join(roomId);
  const sent = await ask(socket, 'chat:message', { roomId, text: 'a secret' });
  if (!sent.ok) throw new Error(sent.error.message);
  await ask(socket, 'chat:delete', { roomId, messageId: sent.message.id });
  await receiver.listen();
  const types = () => [...receiver.taken.values()].flat().map(({ entry }) => entry.type);
  await expect.poll(() => types().sort()).toEqual(['deleted', 'joined', 'message']);
  expect(JSON.stringify(receiver.calls)).not.toContain('a secret');
});

test('only the types that are asked for are told; wrong settings are refused by name', async () => {
  const here = await serve({ WEBHOOK_TYPES: 'message,deleted' });
  const ann = await Person.signUp(here, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  await ask(socket, 'chat:message', { roomId, text: 'hi' });
  await expect.poll(() => receiver.calls.map(({ entry }) => entry.type)).toEqual(['message']);
  const refused = (settings: Record<string, string>) => () =>
    command(['worker'], { DATA_DIR: here.dataDir, ...receiver.environment, ...settings });
  expect(refused({ WEBHOOK_TYPES: 'drawn' })).toThrow('WEBHOOK_TYPES');
  expect(refused({ WEBHOOK_SECRET: 'short' })).toThrow('WEBHOOK_SECRET: at least 24 bytes');
  expect(refused({ WEBHOOK_SECRET: '' })).toThrow('WEBHOOK_SECRET must be set');
  expect(refused({ WEBHOOK_URLS: 'ftp://example.org' })).toThrow('WEBHOOK_URLS');
  expect(refused({ REDIS_URL: 'redis://127.0.0.1:9/', DATA_DIR: `${here.dataDir}/other` })).toThrow(
    'REDIS_URL',
  );
});
