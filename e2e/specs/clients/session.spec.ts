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
