import type {
  Joined,
  Kicked,
  Muted,
  RoomUpdated,
  UserLeft,
  UserUpdated,
  Waiting,
} from '../../../client/src/protocol/index.ts';
import { expect, test } from '../../instances.ts';
import { ask, disconnectAll, next, Person } from '../../people.ts';

test.afterEach(disconnectAll);

test('who is muted, or given another role, hears it on the other instance', async ({ stage }) => {
  const { ann, bob } = stage;
  const { roomId, here, away, awayState } = await stage.meet({ selfUnmute: false });
  await ask(away, 'media:state', { roomId, audio: true, video: false, screen: false });
  const muted = next<Muted>(away, 'control:muted');
  const targetSocketId = awayState.you.socketId;
  expect(await ask(here, 'control:mute', { targetSocketId, kind: 'audio' })).toMatchObject({
    ok: true,
  });
  expect(await muted).toMatchObject({ targetSocketId, by: ann.userId, kind: 'audio' });
  expect(
    await ask(away, 'media:state', { roomId, audio: true, video: false, screen: false }),
  ).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  const updated = next<UserUpdated>(away, 'user:updated', ({ user }) => user.role === 'mod');
  await ask(here, 'control:role', { roomId, userId: bob.userId, role: 'mod' });
  expect((await updated).socketId).toBe(targetSocketId);
  // The new role counts where its bearer is.
  expect(
    await ask(away, 'control:settings', { roomId, settings: { slowModeSec: 1 } }),
  ).toMatchObject({ ok: true });
});

test('settings hold on the other instance as soon as they are told (SPEC 4.7)', async ({
  stage,
}) => {
  const { eve } = stage;
  const { roomId, here, away } = await stage.meet();
  const updated = next<RoomUpdated>(away, 'room:updated');
  await ask(here, 'control:settings', { roomId, settings: { whoDraws: 'mods', locked: true } });
  expect((await updated).room.settings).toMatchObject({ whoDraws: 'mods', locked: true });
  const ops = [{ type: 'clear' as const }];
  expect(await ask(away, 'whiteboard:draw', { roomId, ops })).toMatchObject({
    ok: false,
    error: { code: 'forbidden' },
  });
  const late = stage.there(eve).connect();
  expect(await ask(late, 'joinRoom', { roomId })).toMatchObject({
    ok: false,
    error: { code: 'room_locked' },
  });
});

test('who is kicked leaves with every socket on every instance, and a ban holds on all', async ({
  stage,
}) => {
  const { ann, bob } = stage;
  const { roomId, here, away, awayState } = await stage.meet();
  const second = await bob.join(roomId);
  const gone = new Set<string>();
  here.on('user:left', ({ socketId, reason }: UserLeft) => {
    expect(reason).toBe('kicked');
    gone.add(socketId);
  });
  const told = [away, second.socket].map((socket) => next<Kicked>(socket, 'control:kicked'));
  await ask(here, 'control:kick', { roomId, userId: bob.userId, ban: true });
  for (const kicked of await Promise.all(told)) expect(kicked.userId).toBe(bob.userId);
  const both = new Set([awayState.you.socketId, second.state.you.socketId]);
  await expect.poll(() => gone).toEqual(both);
  for (const socket of [away, second.socket]) {
    expect(await ask(socket, 'chat:message', { roomId, text: 'still here' })).toMatchObject({
      ok: false,
      error: { code: 'not_in_room' },
    });
    expect(await ask(socket, 'joinRoom', { roomId })).toMatchObject({
      ok: false,
      error: { code: 'banned' },
    });
  }
  expect((await ann.join(roomId)).state.participants.map(({ userId }) => userId)).not.toContain(
    bob.userId,
  );
});

test('who knocks on one instance is let in on another', async ({ stage }) => {
  const { ann, bob } = stage;
  const { roomId } = await ann.createRoom('A door', { access: 'waiting' });
  const { socket: here } = await ann.join(roomId);
  const waiting = next<Waiting>(here, 'control:waiting');
  const away = stage.there(bob).connect();
  expect(await ask(away, 'joinRoom', { roomId })).toMatchObject({
    ok: false,
    error: { code: 'waiting_for_admission' },
  });
  expect((await waiting).users).toEqual([{ userId: bob.userId, name: 'Bob' }]);
  const letIn = next<RoomUpdated>(away, 'room:updated');
  const empty = next<Waiting>(here, 'control:waiting', ({ users }) => users.length === 0);
  expect(
    await ask(here, 'control:admit', { roomId, userId: bob.userId, admit: true }),
  ).toMatchObject({ ok: true });
  await letIn;
  await empty;
  const joined = next<Joined>(away, 'joined');
  expect(await ask(away, 'joinRoom', { roomId })).toMatchObject({ ok: true });
  expect((await joined).roomState.participants).toHaveLength(2);
});

test('who knocks and goes away waits no longer, as seen on another instance', async ({ stage }) => {
  const { ann, bob } = stage;
  const { roomId } = await ann.createRoom('A door', { access: 'waiting' });
  const { socket: here } = await ann.join(roomId);
  const waiting = next<Waiting>(here, 'control:waiting', ({ users }) => users.length === 1);
  const away = stage.there(bob).connect();
  await ask(away, 'joinRoom', { roomId });
  await waiting;
  const empty = next<Waiting>(here, 'control:waiting', ({ users }) => users.length === 0);
  away.disconnect();
  await empty;
});

test('a room that is removed ends on every instance', async ({ stage }) => {
  const { ann, bob } = stage;
  const { roomId, away } = await stage.meet();
  const kicked = next<Kicked>(away, 'control:kicked');
  expect((await ann.call('DELETE', `/api/rooms/${roomId}`)).status).toBe(204);
  expect((await kicked).userId).toBe(bob.userId);
  expect(await ask(away, 'chat:message', { roomId, text: 'anyone?' })).toMatchObject({ ok: false });
  expect(await ask(away, 'joinRoom', { roomId })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  });
  expect((await stage.there(bob).call('GET', `/api/rooms/${roomId}`)).status).toBe(404);
});

test('who leaves by HTTP on one instance is out on the other', async ({ stage }) => {
  const { bob } = stage;
  const { roomId, here, away, awayState } = await stage.meet();
  const left = next<UserLeft>(here, 'user:left');
  expect((await bob.call('POST', `/api/rooms/${roomId}/leave`)).status).toBe(204);
  expect((await left).socketId).toBe(awayState.you.socketId);
  expect(await ask(away, 'chat:message', { roomId, text: 'still here' })).toMatchObject({
    ok: false,
    error: { code: 'not_in_room' },
  });
});

test('signing out everywhere ends the sockets on every instance (SPEC 10.2)', async ({ stage }) => {
  const { ann } = stage;
  const { roomId } = await ann.createRoom();
  const max = await Person.signUp(stage.cluster.instance(0), 'Max');
  const { socket: here } = await ann.join(roomId);
  const { socket: away } = await stage.there(max).join(roomId);
  const ended = new Promise<string>((resolve) => away.once('disconnect', resolve));
  const left = next<UserLeft>(here, 'user:left');
  expect((await max.call('POST', '/api/auth/logout?everywhere=true')).status).toBe(204);
  expect(await ended).toBe('io server disconnect');
  expect((await left).userId).toBe(max.userId);
});

test('places are counted over all instances (SPEC 3.3)', async ({ stage }) => {
  const { eve } = stage;
  const { roomId } = await stage.meet({ capacity: 2 });
  for (const person of [eve, stage.there(eve)]) {
    expect(await ask(person.connect(), 'joinRoom', { roomId })).toMatchObject({
      ok: false,
      error: { code: 'room_full' },
    });
  }
});

test('two who want the last place at once on two instances do not both get it (SPEC 3.3)', async ({
  stage,
}) => {
  const { ann, bob, eve } = stage;
  for (let round = 0; round < 5; round++) {
    const { roomId } = await ann.createRoom('One place', { capacity: 2 });
    await ann.join(roomId);
    const sockets = [bob.connect(), stage.there(eve).connect()];
    const acks = await Promise.all(sockets.map((socket) => ask(socket, 'joinRoom', { roomId })));
    expect(acks.filter((ack) => ack.ok)).toHaveLength(1);
  }
});
