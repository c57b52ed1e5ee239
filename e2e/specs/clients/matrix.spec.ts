import type { RoomPreview, SignedIn } from '../../../client/src/protocol/index.ts';
import { Cast, type RoleName, roles } from '../../matrix/cast.ts';
import { outcome, ownRoutes, routeRows } from '../../matrix/route-rows.ts';
import { type Row, socketRows } from '../../matrix/socket-rows.ts';
import { ask, call, disconnectAll, Person } from '../../people.ts';
import { expect, type Server, test } from '../../server.ts';

test.afterEach(disconnectAll);

type Outcomes = Record<RoleName, string>;

const everyone = by('ok', 'ok', 'ok', 'ok');
const mods = by('ok', 'ok', 'forbidden', 'forbidden');
const owner = by('ok', 'forbidden', 'forbidden', 'forbidden');

const nobody = by('forbidden', 'forbidden', 'forbidden', 'forbidden');

function by(owner: string, mod: string, member: string, guest: string): Outcomes {
  return { owner, mod, member, guest, stranger: '' };
}

/** Who may do what in an open room, as the design has it; written down here by hand, row by row. */
const rights: Record<string, Outcomes> = {
  "chat:edit, another's": nobody,
  "chat:delete, another's": mods,
  'chat:pin': mods,
  'whiteboard:restore': mods,
  'control:mute, a guest': mods,
  'control:mute, the moderator': mods,
  'control:mute, the owner': owner,
  'control:kick, a guest': mods,
  'control:kick, a guest for good': mods,
  'control:removeGuests': mods,
  // Nobody kicks oneself.
  'control:kick, the owner': by('bad_request', 'forbidden', 'forbidden', 'forbidden'),
  'control:unban': by('not_found', 'not_found', 'forbidden', 'forbidden'),
  'control:role, of the moderator': owner,
  'control:role, oneself to owner': by('conflict', 'forbidden', 'forbidden', 'forbidden'),
  'control:settings': mods,
  'control:admit': by('not_found', 'not_found', 'forbidden', 'forbidden'),
  "DELETE /api/files/:id, another's": mods,
  'GET /bans': mods,
  'GET /audit': mods,
  'GET /export': mods,
  'PATCH ': mods,
};

const drawing = ['whiteboard:draw', 'whiteboard:save'];
const isTimer = (name: string) => name.startsWith('timer:') || name.startsWith('POST /pomodoro');

/** What differs in a room where moderators alone draw and run the timer, and nobody unmutes oneself. */
function strict(name: string): Outcomes | undefined {
  if (drawing.includes(name) || isTimer(name)) return mods;
  // Nobody mutes the owner in the first place.
  const muted = by('ok', 'forbidden', 'forbidden', 'forbidden');
  return name === 'media:state, after a mute' ? muted : undefined;
}

/** Between two people nobody moderates. */
function direct(name: string): Outcomes | undefined {
  const both = ['chat:pin', 'whiteboard:restore', 'GET /export'];
  if (both.includes(name)) return everyone;
  const moderating =
    name.startsWith('control:') || ['GET /bans', 'GET /audit', 'PATCH '].includes(name);
  if (
    moderating ||
    name === "chat:delete, another's" ||
    name === "DELETE /api/files/:id, another's"
  ) {
    return nobody;
  }
  return undefined;
}

/** A stranger learns nothing: not in the room by socket, no such room by HTTP. */
function strangers(row: Row): string {
  return socketRows.includes(row) ? 'not_in_room' : 'not_found';
}

async function walk(
  cast: Cast,
  among: readonly RoleName[],
  differs: (name: string) => Outcomes | undefined = () => undefined,
): Promise<{ cells: number; unexpected: string[] }> {
  const unexpected: string[] = [];
  let cells = 0;
  for (const row of [...socketRows, ...routeRows]) {
    const expected = differs(row.name) ?? rights[row.name] ?? everyone;
    for (const role of among) {
      const wanted = role === 'stranger' ? strangers(row) : expected[role];
      const outcome = await row.try(cast, cast.players[role]);
      cells++;
      if (outcome !== wanted) unexpected.push(`${row.name} by ${role}: ${outcome}, not ${wanted}`);
    }
  }
  return { cells, unexpected };
}

const states: [
  string,
  (server: Server) => Promise<Cast>,
  readonly RoleName[],
  ((name: string) => Outcomes | undefined)?,
][] = [
  ['an open room', (server) => Cast.group(server, {}), roles],
  [
    'a strict room',
    (server) => Cast.group(server, { whoDraws: 'mods', whoRunsTimer: 'mods', selfUnmute: false }),
    roles,
    strict,
  ],
  [
    'a members-only room',
    (server) => Cast.group(server, { access: 'members' }),
    roles.filter((role) => role !== 'guest'),
  ],
  ['a direct room', (server) => Cast.direct(server), ['member', 'guest', 'stranger'], direct],
];

for (const [name, cast, among, differs] of states) {
  test(`who may do what in ${name}: every cell (SPEC 4.1)`, async ({ server }) => {
    test.setTimeout(240_000);
    const { cells, unexpected } = await walk(await cast(server), among, differs);
    console.log(`${name}: ${cells} cells walked, ${unexpected.length} unexpected`);
    expect(unexpected).toEqual([]);
    expect(cells).toBe((socketRows.length + routeRows.length) * among.length);
  });
}

test('without a token every route that is not for all is unauthorized (SPEC 4.1)', async ({
  server,
}) => {
  const cast = await Cast.group(server, {});
  for (const [method, path, body] of ownRoutes) {
    expect(await outcome(cast, method, path, body), path).toBe('unauthorized');
  }
  for (const row of routeRows) {
    const unknown = { ...cast.players.owner, person: Person.signedIn(server, 'Nobody', '') };
    expect(await row.try(cast, unknown), row.name).toBe('unauthorized');
  }
});

test('who comes in depends on the room, the role and the ban (SPEC 4.5)', async ({ server }) => {
  const knock = async (person: Person, roomId: string) => {
    const ack = await ask(person.connect(), 'joinRoom', { roomId });
    const socket = ack.ok ? 'ok' : ack.error.code;
    const answer = await person.call<{ error?: { code: string } }>(
      'POST',
      `/api/rooms/${roomId}/join`,
    );
    expect(answer.status === 200 ? 'ok' : answer.body.error?.code, 'by HTTP as by socket').toBe(
      socket,
    );
    return socket;
  };
  const table: [object, string, string][] = [
    [{}, 'ok', 'ok'],
    [{ access: 'members' }, 'forbidden', 'forbidden'],
    [{ access: 'waiting' }, 'waiting_for_admission', 'waiting_for_admission'],
    [{ guests: false }, 'ok', 'forbidden'],
    [{ access: 'waiting', guests: false }, 'waiting_for_admission', 'forbidden'],
    [{ locked: true }, 'room_locked', 'room_locked'],
  ];
  for (const [settings, account, guest] of table) {
    const owner = await Person.signUp(server, 'Owner');
    const { roomId } = await owner.createRoom('Door');
    const visitor = (
      await call<SignedIn>(server, 'POST', '/api/auth/guest', { name: 'Guest', roomId })
    ).body;
    await owner.call('PATCH', `/api/rooms/${roomId}`, { settings });
    expect(await knock(owner, roomId), 'the owner').toBe('ok');
    expect(await knock(await Person.signUp(server, 'Ann'), roomId), JSON.stringify(settings)).toBe(
      account,
    );
    const person = Person.signedIn(server, 'Guest', visitor.accessToken, visitor.user.userId);
    expect(await knock(person, roomId), JSON.stringify(settings)).toBe(guest);
  }
});

test('the banned stay out by socket and HTTP, also after a restart, until they are let back (SPEC 4.4)', async ({
  server,
}) => {
  const owner = await Person.signUp(server, 'Owner');
  const { roomId } = await owner.createRoom('Door');
  const { socket } = await owner.join(roomId);
  const ben = await Person.signUp(server, 'Ben');
  await ben.join(roomId);
  const ban = { roomId, userId: ben.userId, ban: true, reason: 'spam' };
  expect((await ask(socket, 'control:kick', ban)).ok).toBe(true);
  await server.kill();
  await server.run();
  const refused = await ask(ben.connect(), 'joinRoom', { roomId });
  expect(refused).toMatchObject({
    ok: false,
    error: { code: 'banned', message: 'banned from this room: spam' },
  });
  expect((await ben.call('POST', `/api/rooms/${roomId}/messages`, { text: 'but' })).status).toBe(
    404,
  );
  expect((await ben.call('POST', `/api/rooms/${roomId}/join`)).status).toBe(403);
  const back = await owner.join(roomId);
  expect((await ask(back.socket, 'control:unban', { roomId, userId: ben.userId })).ok).toBe(true);
  expect((await ask(ben.connect(), 'joinRoom', { roomId })).ok).toBe(true);
});

test('a stranger learns of a private room no more than its door (SPEC 4.8)', async ({ server }) => {
  const cast = await Cast.group(server, { access: 'members' });
  const preview = await cast.players.stranger.person.call<RoomPreview>(
    'GET',
    `/api/rooms/${cast.roomId}`,
  );
  expect(Object.keys(preview.body).sort()).toEqual(['access', 'code', 'guests', 'roomId', 'title']);
  const direct = await Cast.direct(server);
  expect(
    (await direct.players.stranger.person.call('GET', `/api/rooms/${direct.roomId}`)).status,
  ).toBe(404);
  expect(
    await ask(direct.players.stranger.socket, 'joinRoom', { roomId: direct.roomId }),
  ).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  });
});

test('a full room says so, and only the owner removes a room', async ({ server }) => {
  const cast = await Cast.group(server, { capacity: 4 });
  expect(
    await ask(cast.players.stranger.socket, 'joinRoom', { roomId: cast.roomId }),
  ).toMatchObject({
    ok: false,
    error: { code: 'room_full' },
  });
  for (const role of ['stranger', 'guest', 'member', 'mod', 'owner'] as const) {
    const answer = await cast.players[role].person.call('DELETE', `/api/rooms/${cast.roomId}`);
    // The stranger was made a member by knocking: a full room refuses the socket, not the person.
    expect(answer.status, role).toBe(role === 'owner' ? 204 : 403);
  }
  expect((await cast.players.owner.person.call('GET', `/api/rooms/${cast.roomId}`)).status).toBe(
    404,
  );
});
