import { randomBytes } from 'node:crypto';
import type {
  AvatarFacts,
  AvatarUrl,
  MemberList,
  SignedIn,
  UserProfile,
} from '../../../client/src/protocol/index.ts';
import { call, disconnectAll, Person } from '../../people.ts';
import { expect, type Server, test } from '../../server.ts';
import { put, shelves, startWith } from '../../uploads.ts';

/** Pictures of people, kept where files are. */

test.afterEach(disconnectAll);

const facts = (body: Buffer, mimeType = 'image/webp'): AvatarFacts => ({
  size: body.length,
  mimeType,
});

async function asked(who: Person, body: Buffer): Promise<AvatarUrl> {
  const answer = await who.call<AvatarUrl>('POST', '/api/me/avatar', facts(body));
  expect(answer.status).toBe(201);
  return answer.body;
}

async function shown(who: Person, body: Buffer): Promise<UserProfile> {
  expect((await put(await asked(who, body), body)).ok).toBe(true);
  const answer = await who.call<UserProfile>('PUT', '/api/me/avatar', facts(body));
  expect(answer.status).toBe(200);
  return answer.body;
}

for (const shelf of shelves) {
  test.describe(`pictures of people on ${shelf}`, () => {
    let server: Server;
    let ann: Person;

    test.beforeAll(async () => {
      server = await startWith(shelf);
    });
    test.afterAll(async () => {
      await server.dispose();
    });
    test.beforeEach(async () => {
      ann = await Person.signUp(server, 'Ann');
    });

    test('what one uploads the others see where they see the name', async () => {
      const ben = await Person.signUp(server, 'Ben');
      const { roomId } = await ann.createRoom();
      expect((await ann.call('PUT', '/api/me/avatar', facts(randomBytes(9)))).status).toBe(409);
      const body = randomBytes(20_000);
      const { avatarUrl } = await shown(ann, body);
      expect((await ann.call<UserProfile>('GET', '/api/me')).body.avatarUrl).toBe(avatarUrl);

      const { state } = await ann.join(roomId);
      expect(state.participants).toMatchObject([{ name: 'Ann', avatarUrl }]);
      await ben.join(roomId);
      const members = (await ben.call<MemberList>('GET', `/api/rooms/${roomId}/members`)).body;
      expect(members.members).toMatchObject([{ name: 'Ann', avatarUrl }, { name: 'Ben' }]);
      expect(members.members[1]).not.toHaveProperty('avatarUrl');

      // As an <img> asks for it: without a token.
      const got = await fetch(server.url + (avatarUrl ?? ''));
      expect(got.status).toBe(200);
      expect(got.headers.get('content-type')).toBe('image/webp');
      expect(Buffer.from(await got.arrayBuffer()).equals(body)).toBe(true);
    });

    test('a new one takes the place of the old one, and one that is taken away is gone', async () => {
      const first = await shown(ann, randomBytes(100));
      const second = await shown(ann, randomBytes(200));
      const status = async (url = '') =>
        (await fetch(server.url + url, { redirect: 'manual' })).status;
      expect(second.avatarUrl).not.toBe(first.avatarUrl);
      expect(await status(first.avatarUrl)).toBe(404);
      expect(await status(second.avatarUrl)).toBe(302);
      const kept = await fetch(server.url + (second.avatarUrl ?? ''), { redirect: 'manual' });
      const address = new URL(kept.headers.get('location') ?? '', server.url);
      expect((await fetch(address)).status).toBe(200);
      expect((await ann.call('DELETE', '/api/me/avatar')).status).toBe(204);
      expect(await status(second.avatarUrl)).toBe(404);
      expect((await fetch(address)).status).toBe(404);
      expect((await ann.call('GET', '/api/me')).body).not.toHaveProperty('avatarUrl');
    });

    test('nothing else than was signed is taken, nor shown', async () => {
      const body = randomBytes(100);
      const upload = await asked(ann, body);
      expect((await put(upload, randomBytes(101))).ok).toBe(false);
      const other = { ...upload, headers: { ...upload.headers, 'content-type': 'text/html' } };
      expect((await put(other, body)).ok).toBe(false);
      expect((await put(upload, body)).ok).toBe(true);
      for (const wrong of [facts(body, 'image/png'), facts(randomBytes(99))]) {
        expect((await ann.call('PUT', '/api/me/avatar', wrong)).status).toBe(409);
      }
    });

    test('neither what is no picture nor a large one is signed, nor one of a guest', async () => {
      const ask = (who: Person, wrong: AvatarFacts) => who.call('POST', '/api/me/avatar', wrong);
      expect(await ask(ann, { size: 9, mimeType: 'image/svg+xml' })).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringMatching(/^mimeType: /) as unknown } },
      });
      expect((await ask(ann, { size: 262_145, mimeType: 'image/png' })).status).toBe(413);
      const { roomId } = await ann.createRoom('Open', { guests: true });
      const name = { name: 'Gus', roomId };
      const gus = (await call<SignedIn>(server, 'POST', '/api/auth/guest', name)).body;
      const guest = Person.signedIn(server, 'Gus', gus.accessToken);
      expect((await ask(guest, { size: 9, mimeType: 'image/png' })).status).toBe(403);
    });
  });
}
