import { test as base } from '@playwright/test';
import type { OwnStats, SummaryPage } from '../../../client/src/protocol/index.ts';
import { Cluster } from '../../load/chaos/cluster.ts';
import { pause } from '../../load/waiting.ts';
import { ask, disconnectAll, Person } from '../../people.ts';
import { type LogEntry, Receiver } from '../../receiver.ts';
import { expect } from '../../server.ts';
import {
  command,
  daysOf,
  entriesOf,
  expectAll,
  isAllTaken,
  withFocus,
  Worker,
} from '../../worker.ts';

/** The worker as a process of its own, beside an instance over MongoDB and Redis. */

interface Stage {
  cluster: Cluster;
  receiver: Receiver;
  /** Started by this, so that it ends with the test. */
  worker(environment?: Record<string, string>): Promise<Worker>;
}

const test = base.extend<{ stage: Stage }>({
  stage: async ({}, use, info) => {
    const cluster = await Cluster.start(1);
    const receiver = await Receiver.start();
    const workers: Worker[] = [];
    const place = { MONGODB_URI: cluster.database.uri, REDIS_URL: cluster.redis.uri };
    await use({
      cluster,
      receiver,
      worker: async (environment = {}) => {
        const worker = await Worker.start({ ...place, ...receiver.environment, ...environment });
        workers.push(worker);
        return worker;
      },
    });
    for (const [at, worker] of workers.entries()) {
      await worker.kill();
      if (info.status === info.expectedStatus) continue;
      await info.attach(`worker ${at + 1}`, { body: worker.log, contentType: 'text/plain' });
    }
    disconnectAll();
    await receiver.close();
    await cluster.dispose(false);
  },
});

async function log(ann: Person, stage: Stage, roomId: string): Promise<LogEntry[]> {
  const answer = await fetch(`${stage.cluster.instance(0).url}/api/rooms/${roomId}/export`, {
    headers: { authorization: `Bearer ${ann.token}` },
  });
  return entriesOf(await answer.text());
}

async function days(ann: Person, roomId: string): Promise<unknown> {
  return (await ann.call<SummaryPage>('GET', `/api/rooms/${roomId}/summaries`)).body.summaries;
}

async function say(ann: Person, roomId: string, texts: string[]): Promise<void> {
  const post = (text: string) =>
    ann.call('POST', `/api/rooms/${roomId}/messages`, { text, eventId: text });
  const answers = await Promise.all(texts.map(post));
  expect(answers.every(({ status }) => status === 201)).toBe(true);
}

const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${word} ${n}`);

test('what was said while the worker was dead is told when it is back, and counted once', async ({
  stage,
}) => {
  const ann = await Person.signUp(stage.cluster.instance(0), 'Ann');
  const { roomId } = await ann.createRoom();
  const worker = await stage.worker();
  await say(ann, roomId, numbered('before', 5));
  // Hints bring it at once; the next look at all rooms is a minute away.
  await expect.poll(() => stage.receiver.taken.size).toBe(5);
  await worker.kill();
  await say(ann, roomId, numbered('meanwhile', 30));
  const noon = Date.UTC(2026, 2, 1, 12);
  const past = command(['export', roomId], { MONGODB_URI: stage.cluster.database.uri });
  const focus = [{ from: noon, to: noon + 1_500_000, people: [ann.userId] }];
  const longer = withFocus(past, roomId, focus);
  command(['import'], { MONGODB_URI: stage.cluster.database.uri }, longer);
  expect(stage.receiver.taken.size).toBe(5);
  // Killed at random moments while it catches up and delivers.
  for (const ms of [30, 60, 120, 240]) {
    await worker.run();
    await pause(ms * Math.random());
    await worker.kill();
  }
  await worker.run();
  const entries = entriesOf(longer);
  await expect.poll(() => isAllTaken(stage.receiver, entries), { timeout: 40_000 }).toBe(true);
  expectAll(stage.receiver, entries);
  await expect.poll(() => days(ann, roomId)).toEqual(daysOf(entries));
  const stats = async () => (await ann.call<OwnStats>('GET', '/api/me/stats')).body.totalMinutes;
  await expect.poll(stats).toBe(25);
  expect((await fetch(`${worker.url}/ready`)).status).toBe(200);
  // How much was left to this run is chance; that the next entry is followed by it is not.
  const followed = async () => {
    const metrics = await (await fetch(`${worker.url}/metrics`)).text();
    return Number(/followed_entries_total\{consumer="webhooks"\} (\d+)/.exec(metrics)?.[1]);
  };
  const before = await followed();
  await say(ann, roomId, ['the last']);
  await expect.poll(followed).toBe(before + 1);
  expect(await worker.stop()).toBe(0);
});

test('two workers at once tell and count everything once (SPEC 12.2)', async ({ stage }) => {
  const ann = await Person.signUp(stage.cluster.instance(0), 'Ann');
  const rooms = await Promise.all(numbered('Room', 3).map((title) => ann.createRoom(title)));
  const workers = [await stage.worker(), await stage.worker()];
  for (let round = 0; round < 5; round++) {
    await Promise.all(rooms.map(({ roomId }) => say(ann, roomId, numbered(`round ${round}`, 12))));
  }
  for (const { roomId } of rooms) {
    const entries = await log(ann, stage, roomId);
    await expect.poll(() => isAllTaken(stage.receiver, entries), { timeout: 30_000 }).toBe(true);
    expectAll(stage.receiver, entries);
    await expect.poll(() => days(ann, roomId)).toEqual(daysOf(entries));
  }
  const twice = [...stage.receiver.taken.entries()].filter(([, calls]) => calls.length > 1);
  expect(twice.map(([id]) => id)).toEqual([]);
  for (const worker of workers) expect(await worker.stop()).toBe(0);
});

test('a receiver that is down holds up no other, and a removed room is told no more (SPEC 12.3)', async ({
  stage,
}) => {
  const slow = await Receiver.start();
  try {
    const ann = await Person.signUp(stage.cluster.instance(0), 'Ann');
    const [kept, removed] = [await ann.createRoom('Kept'), await ann.createRoom('Removed')];
    await slow.close();
    const urls = `${slow.url},${stage.receiver.url}`;
    await stage.worker({ WEBHOOK_URLS: urls, WEBHOOK_FIRST_RETRY: '2' });
    for (const { roomId } of [kept, removed]) await say(ann, roomId, numbered(roomId, 20));
    await expect.poll(() => stage.receiver.taken.size).toBe(40);
    expect((await ann.call('DELETE', `/api/rooms/${removed.roomId}`)).status).toBe(204);
    await slow.listen();
    await expect.poll(() => slow.taken.size).toBe(20);
    const rooms = new Set(slow.calls.map(({ entry }) => entry.roomId));
    expect([...rooms]).toEqual([kept.roomId]);
    const { socket } = await ann.join(kept.roomId);
    await ask(socket, 'chat:message', { roomId: kept.roomId, text: 'the last' });
    const last = () => slow.calls.some(({ entry }) => entry.payload['text'] === 'the last');
    await expect.poll(last).toBe(true);
  } finally {
    await slow.close();
  }
});
