import type { SignedIn } from '../../../client/src/protocol/index.ts';
import { Person } from '../../people.ts';
import { expect, test, type Server } from '../../server.ts';

interface Reply {
  status: number;
  cookie: string;
}

async function post(server: Server, path: string, body: object, cookie = ''): Promise<Reply> {
  const response = await fetch(`${server.url}/api/auth/${path}`, {
    method: 'POST',
    headers: { cookie },
    body: JSON.stringify(body),
  });
  const set = response.headers.get('set-cookie') ?? '';
  return { status: response.status, cookie: set.split(';')[0] ?? '' };
}

const account = { email: 'Ann@Example.org', password: 'a good password', name: 'Ann' };

test('a session is renewed by its cookie and ended by signing out', async ({ server }) => {
  const signup = await post(server, 'signup', account);
  expect(signup.status).toBe(201);
  const renewed = await post(server, 'refresh', {}, signup.cookie);
  expect(renewed.status).toBe(200);
  expect(renewed.cookie).not.toBe(signup.cookie);
  expect((await post(server, 'logout', {}, renewed.cookie)).status).toBe(204);
  expect((await post(server, 'refresh', {}, renewed.cookie)).status).toBe(401);
});

test('the address signs in whatever its case, and only with the password', async ({ server }) => {
  await post(server, 'signup', account);
  const login = { email: 'ann@example.ORG', password: account.password };
  expect((await post(server, 'login', login)).status).toBe(200);
  expect((await post(server, 'login', { ...login, password: 'another one' })).status).toBe(401);
});

test('sessions outlive a restart of the server', async ({ server }) => {
  const { cookie } = await post(server, 'signup', account);
  await server.kill();
  await server.run();
  expect((await post(server, 'refresh', {}, cookie)).status).toBe(200);
});

test('a guest goes on in their tabs beside who signs in in the same browser', async ({
  server,
}) => {
  const { roomId } = await (await Person.signUp(server, 'Ann')).createRoom();
  const jar = new Map<string, string>();
  const ask = async (path: string, body: object): Promise<{ status: number; name?: string }> => {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
    const init = { method: 'POST', headers: { cookie }, body: JSON.stringify(body) };
    const response = await fetch(`${server.url}/api/auth/${path}`, init);
    for (const line of response.headers.getSetCookie()) {
      expect(line).toMatch(/; HttpOnly|; Max-Age=0|Expires=Thu, 01 Jan 1970/);
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      jar.set(name, value);
    }
    const text = await response.text();
    const answer = (text ? JSON.parse(text) : {}) as Partial<SignedIn>;
    return { status: response.status, ...(answer.user && { name: answer.user.name }) };
  };
  expect(await ask('guest', { name: 'Gus', roomId })).toEqual({ status: 200, name: 'Gus' });
  expect((await ask('refresh/guest', {})).status).toBe(401);
  const gustav = { email: 'gus@example.org', password: account.password, name: 'Gustav' };
  expect(await ask('signup', gustav)).toEqual({ status: 201, name: 'Gustav' });
  for (let time = 0; time < 3; time++) {
    expect(await ask('refresh/guest', {})).toEqual({ status: 200, name: 'Gus' });
    expect(await ask('refresh', {})).toEqual({ status: 200, name: 'Gustav' });
  }
  const before = new Map(jar);
  expect((await ask('logout', {})).status).toBe(204);
  for (const cookies of [new Map(jar), before]) {
    jar.clear();
    cookies.forEach((value, name) => jar.set(name, value));
    expect((await ask('refresh', {})).status).toBe(401);
    expect((await ask('refresh/guest', {})).status).toBe(401);
  }
});
