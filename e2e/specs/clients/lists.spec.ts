import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type {
  BanList,
  MemberList,
  OwnStats,
  RoomStats,
} from '../../../client/src/protocol/index.ts';
import { disconnectAll, Person } from '../../people.ts';
import { expect, Server, test } from '../../server.ts';
import { command, withFocus } from '../../worker.ts';

/** Lists that grow with a room. */

test.afterEach(disconnectAll);

test('members and bans come in pages, and who asks for no page gets the first', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  await server.stop();
  // The same room at another place, with many people.
  const lines = command(['export', roomId], server.place).trimEnd().split('\n');
  const ids = Array.from({ length: 1_030 }, (_, n) => `person-${String(n).padStart(4, '0')}`);
  const people = ids.flatMap((userId, n) => {
    const person = { line: 'user', userId, name: `Person ${n}`, createdAt: 1 };
    const its =
      n < 520
        ? { line: 'member', roomId, userId, role: 'member', joinedAt: 4_000_000_000_000 + n }
        : { line: 'ban', roomId, userId, by: ann.userId, at: 4_000_000_000_000 + n };
    return [person, its].map((line) => JSON.stringify(line));
  });
  const at = lines.findLastIndex((line) => line.startsWith('{"line":"member"'));
  lines.splice(at + 1, 0, ...people);
  const secret = String(await readFile(path.join(server.dataDir, 'jwt.secret')));
  const there = await Server.start({ JWT_SECRET: secret });
  await there.stop();
  command(['import'], there.place, lines.join('\n') + '\n');
  await there.run();

  const reader = Person.signedIn(there, 'Ann', ann.token);
  const read = async <T>(list: string): Promise<T> =>
    (await reader.call<T>('GET', `/api/rooms/${roomId}${list}`)).body;
  const first = await read<MemberList>('/members');
  expect(first.members.map(({ userId }) => userId)).toEqual([ann.userId, ...ids.slice(0, 499)]);
  const rest = await read<MemberList>(`/members?after=${first.next}&limit=100`);
  expect(rest.members.map(({ userId }) => userId)).toEqual(ids.slice(499, 520));
  expect(rest.next).toBeNull();

  const banned = ids.slice(520).reverse();
  const newest = await read<BanList>('/bans?limit=10');
  expect(newest.bans.map(({ userId }) => userId)).toEqual(banned.slice(0, 10));
  const more = await read<BanList>(`/bans?after=${newest.next}`);
  expect(more.bans.map(({ userId }) => userId)).toEqual(banned.slice(10));
  expect(more.next).toBeNull();

  for (const list of ['members', 'bans']) {
    for (const wrong of ['limit=0', 'limit=501', 'after=yesterday', 'after=1']) {
      const url = `/api/rooms/${roomId}/${list}?${wrong}`;
      const refused = await reader.call<{ error: { message: string } }>('GET', url);
      expect(refused.status, url).toBe(400);
      expect(refused.body.error.message, url).toContain(wrong.split('=')[0]);
    }
  }
  await there.dispose();
});

test('of the stretches of focus of a room the newest 7,300 are counted', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  await server.stop();
  const minute = 60_000;
  const stretches = Array.from({ length: 7_310 }, (_, n) => {
    const from = Date.UTC(2020, 0, 1) + n * 10 * minute;
    return { from, to: from + minute, people: [ann.userId] };
  });
  const longer = withFocus(command(['export', roomId], server.place), roomId, stretches);
  command(['import'], server.place, longer);
  await server.run();
  const { body } = await ann.call<RoomStats>('GET', `/api/rooms/${roomId}/stats`);
  expect(body.people).toMatchObject([{ userId: ann.userId, totalMinutes: 7_300 }]);
  // All of it is one's own still.
  const own = async () => (await ann.call<OwnStats>('GET', '/api/me/stats')).body.totalMinutes;
  await expect.poll(own, { timeout: 20_000 }).toBe(7_310);
});
