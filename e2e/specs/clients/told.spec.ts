import type { Socket } from 'socket.io-client';
import type {
  BanList,
  Kicked,
  RoomPreview,
  RoomUpdated,
  SignedIn,
  UserUpdated,
} from '../../../client/src/protocol/index.ts';
import { ask, call, disconnectAll, Person } from '../../people.ts';
import { expect, test } from '../../server.ts';

/** Whoever hears of something and asks by HTTP at once is answered by what they heard. */

test.afterEach(disconnectAll);

const rounds = 40;

/** The next of these events that is about what is awaited: others may be on their way still. */
function hears<T>(socket: Socket, event: string, isIt: (payload: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const hear = (payload: T) => {
      if (!isIt(payload)) return;
      socket.off(event, hear);
      resolve(payload);
    };
    socket.on(event, hear);
  });
}

test('who hears that they moderate now may look at bans and the audit at once', async ({
  server,
}) => {
  const owner = await Person.signUp(server, 'Owner');
  const ben = await Person.signUp(server, 'Ben');
  const { roomId } = await owner.createRoom();
  const { socket } = await owner.join(roomId);
  const { socket: bens } = await ben.join(roomId);
  const refused: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const told = hears<UserUpdated>(bens, 'user:updated', ({ user }) => user.role === 'mod');
    const given = ask(socket, 'control:role', { roomId, userId: ben.userId, role: 'mod' });
    await told;
    const answers = await Promise.all(
      ['bans', 'audit'].map((list) => ben.call('GET', `/api/rooms/${roomId}/${list}`)),
    );
    const { body } = await ben.call<RoomPreview>('GET', `/api/rooms/${roomId}`);
    const statuses = answers.map(({ status }) => status).join(', ');
    if (statuses !== '200, 200' || body.role !== 'mod') {
      refused.push(`round ${round}: ${statuses}, ${body.role}`);
    }
    expect((await given).ok).toBe(true);
    const taken = await ask(socket, 'control:role', {
      roomId,
      userId: ben.userId,
      role: 'member',
    });
    expect(taken.ok).toBe(true);
  }
  expect(refused).toEqual([]);
});

test('who hears of a new code, or of other settings, finds the room by it as it is told', async ({
  server,
}) => {
  const owner = await Person.signUp(server, 'Owner');
  const ben = await Person.signUp(server, 'Ben');
  const created = await owner.createRoom();
  const { roomId } = created;
  let { code } = created;
  const { socket } = await ben.join(roomId);
  const refused: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = code;
    const toldCode = hears<RoomUpdated>(socket, 'room:updated', ({ room }) => room.code !== before);
    const renewed = owner.call('PATCH', `/api/rooms/${roomId}`, { renewCode: true });
    ({ code } = (await toldCode).room);
    const byCode = await call(server, 'GET', `/api/rooms/${code}`);
    const guest = { name: 'Gus', roomId: code };
    const asGuest = await call<SignedIn>(server, 'POST', '/api/auth/guest', guest);
    if (byCode.status !== 200 || asGuest.status !== 200) {
      refused.push(`round ${round}: ${byCode.status}, ${asGuest.status}`);
    }
    await renewed;
    const title = `Algebra ${round}`;
    const toldTitle = hears<RoomUpdated>(
      socket,
      'room:updated',
      ({ room }) => room.title === title,
    );
    const changed = owner.call('PATCH', `/api/rooms/${roomId}`, { title });
    await toldTitle;
    const { body } = await ben.call<RoomPreview>('GET', `/api/rooms/${roomId}`);
    if (body.title !== title) refused.push(`round ${round}: ${body.title}`);
    await changed;
  }
  expect(refused).toEqual([]);
});

test('who hears that the door is open comes in, and who hears of a ban finds it listed', async ({
  server,
}) => {
  const owner = await Person.signUp(server, 'Owner');
  const { roomId } = await owner.createRoom();
  const { socket } = await owner.join(roomId);
  const wrong: string[] = [];
  for (let round = 0; round < rounds / 2; round += 1) {
    const eve = await Person.signUp(server, `Eve${round}`);
    const close = await ask(socket, 'control:settings', {
      roomId,
      settings: { access: 'members' },
    });
    expect(close.ok).toBe(true);
    const waiting = eve.connect();
    const isOpen = ({ room }: RoomUpdated) => room.settings.access === 'link';
    const opened = hears<RoomUpdated>(socket, 'room:updated', isOpen);
    const open = ask(socket, 'control:settings', { roomId, settings: { access: 'link' } });
    await opened;
    const joined = await ask(waiting, 'joinRoom', { roomId });
    if (!joined.ok) wrong.push(`round ${round}: ${joined.error.code}`);
    expect((await open).ok).toBe(true);

    const kicked = hears<Kicked>(socket, 'control:kicked', ({ userId }) => userId === eve.userId);
    const ban = ask(socket, 'control:kick', { roomId, userId: eve.userId, ban: true });
    await kicked;
    const { body } = await owner.call<BanList>('GET', `/api/rooms/${roomId}/bans`);
    if (body.bans[0]?.userId !== eve.userId) wrong.push(`round ${round}: the ban is not listed`);
    await ban;
  }
  expect(wrong).toEqual([]);
});
