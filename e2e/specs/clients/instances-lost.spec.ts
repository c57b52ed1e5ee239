import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import type {
  MessageSent,
  RoomState,
  UserJoined,
  UserLeft,
} from '../../../client/src/protocol/index.ts';
import { expect, type Stage, test } from '../../instances.ts';
import { healedBy, healedName } from '../../load/chaos/metrics.ts';
import { comesTrue, pause } from '../../load/waiting.ts';
import { ask, disconnectAll, next } from '../../people.ts';

/** The first instance is harmed; those on the second watch. */

test.afterEach(disconnectAll);

/** A watcher on the second instance, and two on the first: one will come back, one will not. */
async function gather(stage: Stage) {
  const { ann, bob, eve } = stage;
  const { roomId } = await ann.createRoom('A loss');
  const watcher = (await stage.there(ann).join(roomId)).socket;
  const session = { token: bob.token, session: randomUUID() };
  const here = { reconnection: false };
  const came: string[] = [];
  watcher.on('user:joined', ({ socketId }: UserJoined) => came.push(socketId));
  const back = await bob.join(roomId, { auth: session, ...here });
  const lost = await eve.join(roomId, here);
  const ids = { back: back.state.you.socketId, lost: lost.state.you.socketId };
  expect(await comesTrue(() => came.length === 2, 10_000), `${came.length} of 2 came`).toBe(true);
  const news: { event: string; socketId: string; reason?: string; at: number }[] = [];
  for (const event of ['user:joined', 'user:left']) {
    watcher.on(event, ({ socketId, reason }: UserLeft) => {
      news.push({ event, socketId, reason, at: performance.now() });
    });
  }
  /** Bob's page connects again, and a balancer sends it to the second instance. */
  const comeBack = async (): Promise<RoomState> => {
    const socket = stage.there(bob).connect({ auth: session });
    const ack = await ask(socket, 'joinRoom', { roomId, chatSeq: back.state.chatSeq });
    if (!ack.ok) throw new Error(ack.error.message);
    return ack.roomState;
  };
  return { roomId, watcher, back, ids, news, comeBack };
}

type Gathering = Awaited<ReturnType<typeof gather>>;

/** Once the one who did not return has left, the other would have left too. */
async function checkPresence({ roomId, ids, news }: Gathering, stage: Stage, since: number) {
  expect(await comesTrue(() => news.some(({ event }) => event === 'user:left'), 20_000)).toBe(true);
  const [left] = news;
  expect(left).toMatchObject({ event: 'user:left', socketId: ids.lost, reason: 'lost' });
  const tookMs = (left?.at ?? NaN) - since;
  expect(tookMs).toBeGreaterThanOrEqual(5000);
  expect(tookMs).toBeLessThanOrEqual(15_000);
  const { participants } = (await stage.there(stage.ann).join(roomId)).state;
  const present = participants.map(({ socketId }) => socketId);
  expect(present).toContain(ids.back);
  expect(present).not.toContain(ids.lost);
  const strange = news.filter(({ socketId }) => socketId === ids.back);
  expect(strange, 'the one who came back in time was noticed').toEqual([]);
}

test('the people of a killed instance leave within 15 s, and who comes back in 5 s does not (SPEC 3.1, 2.3)', async ({
  stage,
}) => {
  const gathering = await gather(stage);
  const instance = stage.cluster.instance(0);
  const killedAt = performance.now();
  await instance.kill();
  try {
    const state = await gathering.comeBack();
    expect(state.you.socketId).toBe(gathering.ids.back);
    expect(performance.now() - killedAt, 'too slow to prove anything').toBeLessThan(5000);
    await checkPresence(gathering, stage, killedAt);
  } finally {
    await instance.run();
  }
});

test('an instance that is asked to end hands its people on, who lose nothing (SPEC 3.6)', async ({
  stage,
}) => {
  const gathering = await gather(stage);
  const { roomId, back, watcher } = gathering;
  const instance = stage.cluster.instance(0);
  const shown: string[] = [];
  back.socket.on('chat:message', ({ message }: MessageSent) => shown.push(message.text));
  const sent = write(watcher, roomId);
  await expect.poll(() => shown.length).toBeGreaterThan(3);
  const told = new Promise<string>((resolve) => back.socket.once('disconnect', resolve));
  const askedAt = performance.now();
  const stopping = instance.stop();
  try {
    expect(await told).not.toBe('ping timeout');
    const state = await gathering.comeBack();
    const texts = await sent.stop();
    // What came by the first connection, and then what came later than it began.
    const all = new Set([...shown, ...state.messages.map(({ text }) => text)]);
    const until = state.messages.at(-1)?.text;
    const due = texts.slice(0, texts.indexOf(until ?? '') + 1);
    expect(due.length).toBeGreaterThan(3);
    expect(due.filter((text) => !all.has(text))).toEqual([]);
    expect(shown).toEqual(texts.slice(0, shown.length));
    expect(await stopping).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(12_000);
    await checkPresence(gathering, stage, askedAt);
  } finally {
    await stopping;
    await instance.run();
  }
});

/** Writes a message every 50 ms. Resolves to all that was acknowledged, in the order of the log. */
function write(socket: Socket, roomId: string): { stop: () => Promise<string[]> } {
  const end = new AbortController();
  const writing = (async () => {
    const acked: { text: string; seq: number }[] = [];
    for (let n = 0; !end.signal.aborted; n++) {
      const text = `message ${n}`;
      for (;;) {
        const ack = await ask(socket, 'chat:message', { roomId, text, eventId: text });
        if (ack.ok) acked.push({ text, seq: ack.message.seq });
        else if (!ack.error.retryable) throw new Error(ack.error.message);
        if (ack.ok) break;
        await pause(100);
      }
      await pause(50);
    }
    return acked.sort((a, b) => a.seq - b.seq).map(({ text }) => text);
  })();
  return {
    stop: async () => {
      end.abort();
      return writing;
    },
  };
}

/** How Redis loses what instances tell each other. */
const losses: [string, (stage: Stage) => Promise<unknown>][] = [
  [
    'drops its subscribers',
    async ({ cluster: { redis } }) => redis.tell('CLIENT KILL TYPE pubsub'),
  ],
  ['drops its clients', async ({ cluster: { redis } }) => redis.tell('CLIENT KILL TYPE normal')],
  [
    'is killed, and comes back empty',
    async ({ cluster: { redis } }) => {
      await redis.kill();
      await pause(1000);
      await redis.run();
    },
  ],
  [
    'stands still for 5 s',
    async ({ cluster: { redis } }) => {
      redis.signal('SIGSTOP');
      await pause(5000);
      redis.signal('SIGCONT');
    },
  ],
];

for (const [what, lose] of losses) {
  test(`when Redis ${what}, the other instance shows all in order within the heartbeat (SPEC 1.6)`, async ({
    stage,
  }, info) => {
    const { roomId, here, away } = await stage.meet();
    const shown: [number, string][] = [];
    away.on('chat:message', ({ seq, message }: MessageSent) => shown.push([seq, message.text]));
    const before = await healedBy(stage.cluster.instance(1));
    const sent = write(here, roomId);
    await next(here, 'chat:message');
    await lose(stage);
    for (let n = 0; n < 20; n++) await next(here, 'chat:message');
    const texts = await sent.stop();
    await comesTrue(() => shown.length >= texts.length, 10_000);
    expect(shown.map(([, text]) => text)).toEqual(texts);
    const seqs = shown.map(([seq]) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    const after = await healedBy(stage.cluster.instance(1));
    if (after === undefined) {
      info.annotations.push({ type: 'absent', description: `${healedName} is not at /metrics` });
      console.log(`absent: ${healedName} is not at /metrics`);
    } else if (what.startsWith('is killed')) {
      // Nobody is told of what was written meanwhile: it must have been found missing.
      expect(after).toBeGreaterThan(before ?? 0);
    }
  });
}

test('what passes between instances passes again after Redis was away', async ({ stage }) => {
  const { roomId, here, away } = await stage.meet();
  await stage.cluster.redis.kill();
  await stage.cluster.redis.run();
  const heard: unknown[] = [];
  away.on('reaction:sent', (sent: unknown) => heard.push(sent));
  const deadline = performance.now() + 15_000;
  while (heard.length === 0 && performance.now() < deadline) {
    await ask(here, 'reaction:send', { roomId, emoji: '🎉' });
    await comesTrue(() => heard.length > 0, 250);
  }
  expect(heard).not.toEqual([]);
  // Redis came back empty: who is there is told to it again.
  await expect
    .poll(async () => {
      const { socket, state } = await stage.eve.join(roomId);
      socket.disconnect();
      return new Set(state.participants.map(({ userId }) => userId));
    })
    .toEqual(new Set([stage.ann.userId, stage.bob.userId, stage.eve.userId]));
});
