import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RoomCreated, SignedIn } from '../../../client/src/protocol/index.ts';
import { ask, call, disconnectAll, Person } from '../../people.ts';
import { expect, type Server, test } from '../../server.ts';

test.afterEach(disconnectAll);

type Change = (owner: Person, roomId: string) => Promise<unknown>;

const settings =
  (patch: object): Change =>
  (owner, roomId) =>
    owner.call('PATCH', `/api/rooms/${roomId}`, { settings: patch });

/** What someone keeps: by socket, reading by HTTP, posting by HTTP, asking where to upload. */
type Kept = [socket: string, read: string, post: string, upload: string];
const all: Kept = ['ok', 'ok', 'ok', 'ok'];
const outside: Kept = ['not_in_room', 'ok', 'ok', 'ok'];
const nothing = (code: string): Kept => ['not_in_room', code, code, code];

/** Written down by hand: what each keeps when the door changes, and whether they come in (again). */
const doors: [
  string,
  Change,
  { inside: [member: Kept, guest: Kept]; outside: [member: Kept, guest: Kept] },
  comesIn: [member: string, guest: string, newcomer: string, stranger: string],
][] = [
  [
    'stays open',
    settings({ access: 'link' }),
    { inside: [all, all], outside: [outside, outside] },
    ['ok', 'ok', 'ok', 'ok'],
  ],
  [
    'is closed to guests',
    settings({ guests: false }),
    { inside: [all, nothing('forbidden')], outside: [outside, nothing('forbidden')] },
    ['ok', 'forbidden', 'ok', 'forbidden'],
  ],
  [
    'is locked',
    settings({ locked: true }),
    { inside: [all, all], outside: [outside, nothing('room_locked')] },
    ['room_locked', 'room_locked', 'room_locked', 'room_locked'],
  ],
  [
    'is for members only',
    settings({ access: 'members' }),
    { inside: [all, all], outside: [outside, nothing('forbidden')] },
    ['ok', 'forbidden', 'forbidden', 'forbidden'],
  ],
  [
    'lets newcomers wait',
    settings({ access: 'waiting' }),
    { inside: [all, all], outside: [outside, outside] },
    ['ok', 'ok', 'waiting_for_admission', 'waiting_for_admission'],
  ],
  [
    'is rid of its guests',
    async (owner, roomId) => {
      const { socket } = await owner.join(roomId);
      expect((await ask(socket, 'control:removeGuests', { roomId })).ok).toBe(true);
    },
    { inside: [all, nothing('not_found')], outside: [outside, nothing('not_found')] },
    ['ok', 'ok', 'ok', 'ok'],
  ],
];

async function asGuest(server: Server, roomId: string): Promise<Person> {
  const answer = await call<SignedIn>(server, 'POST', '/api/auth/guest', { name: 'Gus', roomId });
  return Person.signedIn(server, 'Gus', answer.body.accessToken, answer.body.user.userId);
}

const code = ({ status, body }: { status: number; body: unknown }) =>
  status < 300 ? 'ok' : (body as { error: { code: string } }).error.code;

for (const [name, change, kept, comesIn] of doors) {
  test(`who keeps what when a room ${name} (SPEC 4.5)`, async ({ server }) => {
    const owner = await Person.signUp(server, 'Owner');
    const { roomId } = await owner.createRoom('Door');
    const coming = async (guest: boolean) => {
      const person = guest ? await asGuest(server, roomId) : await Person.signUp(server, 'Ann');
      return { person, socket: (await person.join(roomId)).socket };
    };
    const inside = [await coming(false), await coming(true)] as const;
    const out = [await coming(false), await coming(true)] as const;
    for (const { socket } of out)
      expect((await ask(socket, 'leaveRoom', { roomId })).ok).toBe(true);
    const newcomers = [await Person.signUp(server, 'New'), await asGuest(server, roomId)] as const;

    await change(owner, roomId);
    const keeps = async ({ person, socket }: (typeof inside)[number]): Promise<Kept> => {
      const said = await ask(socket, 'chat:message', { roomId, text: 'still here' });
      const asking = { roomId, name: 'a.txt', size: 1, mimeType: 'text/plain' };
      return [
        said.ok ? 'ok' : said.error.code,
        code(await person.call('GET', `/api/rooms/${roomId}/messages`)),
        code(await person.call('POST', `/api/rooms/${roomId}/messages`, { text: 'by HTTP' })),
        code(await person.call('POST', '/api/upload-url', asking)),
      ];
    };
    expect(await keeps(inside[0]), 'a member inside').toEqual(kept.inside[0]);
    expect(await keeps(inside[1]), 'a guest inside').toEqual(kept.inside[1]);
    expect(await keeps(out[0]), 'a member outside').toEqual(kept.outside[0]);
    expect(await keeps(out[1]), 'a guest outside').toEqual(kept.outside[1]);

    const knock = async (person: Person) => {
      const ack = await ask(person.connect(), 'joinRoom', { roomId });
      const socket = ack.ok ? 'ok' : ack.error.code;
      const byHttp = code(await person.call('POST', `/api/rooms/${roomId}/join`));
      expect(byHttp, 'by HTTP as by socket').toBe(socket);
      return socket;
    };
    expect(
      [
        await knock(out[0].person),
        await knock(out[1].person),
        await knock(newcomers[0]),
        await knock(newcomers[1]),
      ],
      'a member, a guest, a newcomer, a new guest',
    ).toEqual(comesIn);
  });
}

test('who is in a locked room comes back on another connection', async ({ server }) => {
  const owner = await Person.signUp(server, 'Owner');
  const { roomId } = await owner.createRoom('Door');
  const ann = await Person.signUp(server, 'Ann');
  const session = 'the same page';
  const before = ann.connect({ auth: { token: ann.token, session } });
  expect((await ask(before, 'joinRoom', { roomId })).ok).toBe(true);
  await owner.call('PATCH', `/api/rooms/${roomId}`, { settings: { locked: true } });
  before.io.engine.close();
  const after = ann.connect({ auth: { token: ann.token, session } });
  expect((await ask(after, 'joinRoom', { roomId })).ok).toBe(true);
  expect(await ask(ann.connect(), 'joinRoom', { roomId })).toMatchObject({
    ok: false,
    error: { code: 'room_locked' },
  });
});

test('a new code ends the old link, and members stay', async ({ server }) => {
  const owner = await Person.signUp(server, 'Owner');
  const { roomId, code: old } = await owner.createRoom('Door');
  const { socket } = await owner.join(roomId);
  const updated = new Promise<{ room: RoomCreated }>((resolve) =>
    socket.once('room:updated', resolve),
  );
  const answer = await owner.call<{ room: RoomCreated }>('PATCH', `/api/rooms/${roomId}`, {
    renewCode: true,
  });
  const renewed = answer.body.room.code;
  expect(renewed).not.toBe(old);
  expect((await updated).room.code).toBe(renewed);
  const ann = await Person.signUp(server, 'Ann');
  expect((await ann.call('GET', `/api/rooms/${old}`)).status).toBe(404);
  expect(await ask(ann.connect(), 'joinRoom', { roomId: old })).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  });
  expect((await ask(ann.connect(), 'joinRoom', { roomId: renewed })).ok).toBe(true);
  expect((await ask(socket, 'chat:message', { roomId, text: 'still here' })).ok).toBe(true);
  expect((await ann.call('PATCH', `/api/rooms/${roomId}`, { renewCode: true })).status).toBe(403);
});

test('a raid ends: nobody new from that network for a while, and members come in', async ({
  server,
}) => {
  const owner = await Person.signUp(server, 'Owner');
  const { roomId } = await owner.createRoom('Door');
  const { socket } = await owner.join(roomId);
  const member = await Person.signUp(server, 'Ann');
  await member.join(roomId);
  const raider = await asGuest(server, roomId);
  await raider.join(roomId);
  const ban = { roomId, userId: raider.userId, ban: true, addressSec: 3600 };
  expect((await ask(socket, 'control:kick', ban)).ok).toBe(true);
  const again = await call(server, 'POST', '/api/auth/guest', { name: 'Gus', roomId });
  expect(code(again), 'no new token').toBe('banned');
  const other = await owner.createRoom('Elsewhere');
  const elsewhere = await asGuest(server, other.roomId);
  expect(await ask(elsewhere.connect(), 'joinRoom', { roomId }), 'nor with another').toMatchObject({
    ok: false,
    error: { code: 'banned' },
  });
  expect(code(await elsewhere.call('POST', `/api/rooms/${roomId}/join`))).toBe('banned');
  expect((await ask(member.connect(), 'joinRoom', { roomId })).ok, 'a member').toBe(true);
  const names = (await readdir(server.dataDir)).filter((name) => name.startsWith('studyrooms.db'));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const bytes = await readFile(path.join(server.dataDir, name));
    expect(bytes.includes('127.0.0.1'), `${name} holds no address`).toBe(false);
  }
});

test('a guest gets a token to wait with, and is told when the room goes (SPEC 4.6)', async ({
  server,
}) => {
  const owner = await Person.signUp(server, 'Owner');
  const { roomId } = await owner.createRoom('Door', { access: 'waiting' });
  const { socket } = await owner.join(roomId);
  const waiting = new Promise<{ users: { name: string }[] }>((resolve) =>
    socket.once('control:waiting', resolve),
  );
  const gus = await asGuest(server, roomId);
  const knocking = gus.connect();
  expect(await ask(knocking, 'joinRoom', { roomId })).toMatchObject({
    error: { code: 'waiting_for_admission' },
  });
  expect((await waiting).users.map(({ name }) => name)).toEqual(['Gus']);
  const told = new Promise<{ code: string; event: string }>((resolve) =>
    knocking.once('error', resolve),
  );
  expect((await owner.call('DELETE', `/api/rooms/${roomId}`)).status).toBe(204);
  expect(await told).toMatchObject({ code: 'not_found', event: 'joinRoom' });
});

test('whoever is let in comes in on being told, also by a page that came to the door at that moment (SPEC 4.6)', async ({
  server,
}) => {
  const owner = await Person.signUp(server, 'Owner');
  const { roomId } = await owner.createRoom('Door', { access: 'waiting' });
  const { socket } = await owner.join(roomId);
  const waitsNow = (userId: string) =>
    new Promise<void>((resolve) => {
      const hear = ({ users }: { users: { userId: string }[] }) => {
        if (!users.some((user) => user.userId === userId)) return;
        socket.off('control:waiting', hear);
        resolve();
      };
      socket.on('control:waiting', hear);
    });
  for (let round = 0; round < 30; round += 1) {
    const gus = await asGuest(server, roomId);
    const comesIn = async (page: ReturnType<Person['connect']>) => {
      const told = new Promise<void>((resolve) => page.once('room:updated', () => resolve()));
      const ack = await ask(page, 'joinRoom', { roomId });
      if (ack.ok) return;
      expect(ack.error.code).toBe('waiting_for_admission');
      await told;
      expect(await ask(page, 'joinRoom', { roomId }), `round ${round}`).toMatchObject({ ok: true });
    };
    const waits = waitsNow(gus.userId);
    const first = comesIn(gus.connect());
    await waits;
    const second = comesIn(gus.connect());
    const admitted = ask(socket, 'control:admit', { roomId, userId: gus.userId, admit: true });
    expect((await admitted).ok).toBe(true);
    await Promise.all([first, second]);
  }
});

test('whoever waits comes in when the door opens, on being told (SPEC 4.6)', async ({ server }) => {
  const owner = await Person.signUp(server, 'Owner');
  const { roomId } = await owner.createRoom('Door', { access: 'waiting' });
  const { socket } = await owner.join(roomId);
  for (let round = 0; round < 15; round += 1) {
    const page = (await asGuest(server, roomId)).connect();
    const told = new Promise<void>((resolve) => page.once('room:updated', () => resolve()));
    expect(await ask(page, 'joinRoom', { roomId })).toMatchObject({
      error: { code: 'waiting_for_admission' },
    });
    const open = ask(socket, 'control:settings', { roomId, settings: { access: 'link' } });
    await told;
    expect(await ask(page, 'joinRoom', { roomId }), `round ${round}`).toMatchObject({ ok: true });
    expect((await open).ok).toBe(true);
    const close = await ask(socket, 'control:settings', {
      roomId,
      settings: { access: 'waiting' },
    });
    expect(close.ok).toBe(true);
  }
});
