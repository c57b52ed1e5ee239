import type {
  BoardUpdate,
  Description,
  MessageSent,
  RoomState,
  UserLeft,
  UserUpdated,
} from '../../../client/src/protocol/index.ts';
import { expect, test } from '../../instances.ts';
import { ask, disconnectAll, next } from '../../people.ts';

test.afterEach(disconnectAll);

const ids = (state: RoomState) => state.participants.map(({ socketId }) => socketId);

test('everyone is in the list of people, whoever asks where', async ({ stage }) => {
  const { eve } = stage;
  const { roomId, here, away, hereState, awayState } = await stage.meet();
  const both = [hereState.you.socketId, awayState.you.socketId];
  expect(ids(awayState)).toEqual(both);
  const third = await eve.join(roomId);
  const fourth = await stage.there(eve).join(roomId);
  expect(ids(third.state)).toEqual([...both, third.state.you.socketId]);
  expect(ids(fourth.state)).toEqual([...ids(third.state), fourth.state.you.socketId]);
  const heard = [here, away, fourth.socket].map((socket) => next<UserLeft>(socket, 'user:left'));
  third.socket.disconnect();
  for (const left of await Promise.all(heard)) {
    expect(left).toMatchObject({ socketId: third.state.you.socketId, reason: 'left' });
  }
});

test('what is written and drawn on both comes to both in one order, and at once (SPEC 1.6)', async ({
  stage,
}) => {
  const { bob } = stage;
  const { roomId, here, away } = await stage.meet();
  const seen = [here, away].map((socket) => {
    const messages: [number, string][] = [];
    socket.on('chat:message', ({ seq, message }: MessageSent) =>
      messages.push([seq, message.text]),
    );
    return messages;
  });
  const sent = Array.from({ length: 40 }, (_, n) =>
    ask(n % 2 ? here : away, 'chat:message', { roomId, text: `message ${n}` }),
  );
  expect((await Promise.all(sent)).every((ack) => ack.ok)).toBe(true);
  await stage.there(bob).call('POST', `/api/rooms/${roomId}/messages`, { text: 'by HTTP' });
  await expect.poll(() => seen.map((messages) => messages.length)).toEqual([41, 41]);
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]).toEqual(seen[0]?.toSorted(([a], [b]) => a - b));
  for (const [from, to] of [
    [here, away],
    [away, here],
  ] as const) {
    const update = next<BoardUpdate>(to, 'whiteboard:update');
    const ops = [
      { type: 'stroke' as const, points: [[1, 2]] as [number, number][], color: '#123', width: 2 },
    ];
    const ack = await ask(from, 'whiteboard:draw', { roomId, ops });
    expect(await update).toMatchObject({ seq: ack.ok ? ack.seq : 'refused' });
  }
});

/** What passes and is not kept: the event, what is sent, the event that is heard, and what of it. */
const passing: [string, object, string, object][] = [
  ['presence:typing', { isTyping: true }, 'presence:typing', { isTyping: true }],
  ['whiteboard:cursor', { x: 3, y: 4, tool: 'pen' }, 'whiteboard:cursor', { x: 3, y: 4 }],
  ['reaction:send', { emoji: '🎉' }, 'reaction:sent', { emoji: '🎉' }],
  [
    'media:state',
    { audio: true, video: false, screen: false },
    'user:updated',
    { user: { media: { audio: true, video: false, screen: false } } },
  ],
  ['hand:raise', { raised: true }, 'user:updated', { user: { handRaised: true } }],
];

for (const [event, payload, heard, content] of passing) {
  test(`${event} is heard on the other instance`, async ({ stage }) => {
    const { eve } = stage;
    const { roomId, here, away, hereState, awayState } = await stage.meet();
    for (const [from, to, state] of [
      [here, away, hereState],
      [away, here, awayState],
    ] as const) {
      const hearing = next(to, heard);
      const ack = await ask(from, event as 'hand:raise', { roomId, ...payload } as never);
      expect(ack).toEqual({ ok: true });
      expect(await hearing).toMatchObject({ socketId: state.you.socketId, ...content });
    }
    if (heard !== 'user:updated') return;
    const { participants } = (await stage.there(eve).join(roomId)).state;
    const wanted = (content as Pick<UserUpdated, 'user'>).user;
    for (const { you } of [hereState, awayState]) {
      expect(participants.find(({ socketId }) => socketId === you.socketId)).toMatchObject(wanted);
    }
  });
}

test('typing ends by itself on the other instance too (SPEC 5.4)', async ({ stage }) => {
  const { roomId, here, away } = await stage.meet();
  await ask(here, 'presence:typing', { roomId, isTyping: true });
  await next(away, 'presence:typing', ({ isTyping }: { isTyping: boolean }) => !isTyping);
});

test('signals reach a socket of the other instance, and nobody else', async ({ stage }) => {
  const { eve } = stage;
  const { roomId, here, away, hereState, awayState } = await stage.meet();
  const third = await stage.there(eve).join(roomId);
  const strays: string[] = [];
  third.socket.onAny((event: string) => event.startsWith('signal:') && strays.push(event));
  for (const [from, to, sender, target] of [
    [here, away, hereState.you, awayState.you],
    [away, here, awayState.you, hereState.you],
  ] as const) {
    for (const event of ['signal:offer', 'signal:answer'] as const) {
      const heard = next<Description>(to, event);
      const type = event === 'signal:offer' ? ('offer' as const) : ('answer' as const);
      const sdp = { type, sdp: 'v=0' };
      expect(await ask(from, event, { toSocketId: target.socketId, sdp })).toEqual({ ok: true });
      expect(await heard).toMatchObject({
        fromSocketId: sender.socketId,
        sdp,
        user: { userId: sender.userId, name: sender.name, role: sender.role },
      });
    }
    const heard = next(to, 'signal:ice');
    const candidate = { candidate: 'candidate:1', sdpMid: '0' };
    await ask(from, 'signal:ice', { toSocketId: target.socketId, candidate });
    expect(await heard).toMatchObject({ fromSocketId: sender.socketId, candidate });
  }
  const elsewhere = await eve.createRoom('Elsewhere');
  const stranger = (await stage.there(eve).join(elsewhere.roomId)).state.you.socketId;
  const sdp = { type: 'offer' as const, sdp: 'v=0' };
  for (const toSocketId of [stranger, 'nobody']) {
    expect(await ask(here, 'signal:offer', { toSocketId, sdp })).toMatchObject({
      ok: false,
      error: { code: 'not_in_room' },
    });
  }
  expect(strays).toEqual([]);
});

test('tasks and the timer are the same on both', async ({ stage }) => {
  const { roomId, here, away } = await stage.meet();
  const task = next(away, 'task:updated');
  const made = await ask(here, 'task:create', { roomId, title: 'read' });
  expect(await task).toMatchObject({ task: made.ok ? made.task : 'refused' });
  const timer = next(here, 'timer:state');
  const started = await ask(away, 'timer:start', { roomId });
  expect(await timer).toMatchObject({ state: started.ok ? started.state : 'refused' });
  expect(await ask(here, 'timer:pause', { roomId })).toMatchObject({
    ok: true,
    state: { running: false, phase: 'focus' },
  });
});
