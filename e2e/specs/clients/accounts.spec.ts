import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'socket.io-client';
import { expect, freePort, Server, test } from '../../server.ts';
import { call, connect, disconnectAll, next } from '../../people.ts';
import type { ErrorBody, SignedIn, UserProfile } from '../../../client/src/protocol/index.ts';

const mongodb = process.env['MONGODB_URI'];
const password = 'a good password';

interface Reply {
  status: number;
  body: SignedIn & ErrorBody;
  cookie: string;
  headers: Headers;
}

/** With the headers of a balancer, where `from` is given. */
async function auth(server: Server, path: string, body: object, headers = {}): Promise<Reply> {
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${server.url}/api/auth/${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    body: (text ? JSON.parse(text) : {}) as Reply['body'],
    cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
    headers: response.headers,
  };
}

async function signUp(server: Server, email: string, headers = {}): Promise<Reply> {
  return auth(server, 'signup', { email, password, name: 'Ann' }, headers);
}

async function withServer(
  environment: Record<string, string>,
  use: (server: Server) => Promise<void>,
): Promise<void> {
  const server = await Server.start(environment);
  try {
    await use(server);
  } finally {
    await server.dispose();
  }
}

async function heard(socket: Socket, event: string): Promise<void> {
  await new Promise<void>((resolve) => socket.once(event, () => resolve()));
}

test.afterEach(disconnectAll);

test('wrong passwords are throttled by account and address, right ones are not with them (SPEC 10.3)', async () => {
  await withServer({ RATE_LIMIT_FACTOR: '1', TRUSTED_PROXIES: '127.0.0.1,::1' }, async (server) => {
    const from = (address: string) => ({ 'x-forwarded-for': `198.51.100.1, ${address}` });
    const login = async (email: string, word: string, address: string) =>
      auth(server, 'login', { email, password: word }, from(address));
    for (const email of ['ann@example.org', 'bob@example.org']) {
      expect((await signUp(server, email, from('203.0.113.1'))).status).toBe(201);
    }
    for (let right = 0; right < 15; right++) {
      expect((await login('ann@example.org', password, '203.0.113.1')).status).toBe(200);
    }
    for (let wrong = 0; wrong < 10; wrong++) {
      const answer = await login('Ann@Example.org', 'a wrong password', '203.0.113.1');
      expect(answer.status).toBe(401);
    }
    const refused = await login('ann@example.org', password, '203.0.113.1');
    expect(refused.status).toBe(429);
    expect(refused.body.error).toMatchObject({ code: 'rate_limited', retryable: true });
    const wait = refused.body.error.retryAfterMs ?? 0;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(30_000);
    const header = Number(refused.headers.get('retry-after'));
    expect(header).toBe(Math.ceil(wait / 1000));
    // Neither another account nor the account's owner elsewhere is kept out by it.
    expect((await login('bob@example.org', password, '203.0.113.1')).status).toBe(200);
    expect((await login('ann@example.org', password, '203.0.113.2')).status).toBe(200);
  });
});

test('guessing through many accounts is throttled by the address', async () => {
  await withServer({ RATE_LIMIT_FACTOR: '0.1' }, async (server) => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 13; guess++) {
      const body = { email: `person-${guess}@example.org`, password: 'a wrong password' };
      statuses.push((await auth(server, 'login', body)).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array<number>(10).fill(401));
    expect(statuses).toContain(429);
  });
});

test('sign-ups are throttled by the address, whatever a stranger writes into headers', async () => {
  await withServer({ RATE_LIMIT_FACTOR: '0.01' }, async (server) => {
    const statuses: number[] = [];
    for (let person = 0; person < 8; person++) {
      const headers = { 'x-forwarded-for': `203.0.113.${person}` };
      statuses.push((await signUp(server, `person-${person}@example.org`, headers)).status);
    }
    expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(7);
    expect(statuses).toContain(429);
  });
});

test('many wrong passwords at once get no further than a few', async () => {
  await withServer({ RATE_LIMIT_FACTOR: '1' }, async (server) => {
    await signUp(server, 'ann@example.org');
    const body = { email: 'ann@example.org', password: 'a wrong password' };
    const guesses = Array.from({ length: 60 }, async () => auth(server, 'login', body));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(12);
    expect(statuses.every((status) => status === 401 || status === 429)).toBe(true);
  });
});

test('right passwords have a limit too, by account and address', async () => {
  await withServer({ RATE_LIMIT_FACTOR: '1', TRUSTED_PROXIES: '127.0.0.1,::1' }, async (server) => {
    await signUp(server, 'ann@example.org');
    await signUp(server, 'bob@example.org');
    const login = async (email: string, from: string) =>
      auth(server, 'login', { email, password }, { 'x-forwarded-for': from });
    const statuses: number[] = [];
    for (let right = 0; right < 60; right++) {
      statuses.push((await login('ann@example.org', '203.0.113.1')).status);
    }
    expect(statuses.slice(0, 30)).toEqual(Array<number>(30).fill(200));
    expect(statuses).toContain(429);
    expect((await login('ann@example.org', '203.0.113.2')).status).toBe(200);
    expect((await login('bob@example.org', '203.0.113.1')).status).toBe(200);
  });
});

test('a flood of sign-ins to one account holds up no other', async ({ server }) => {
  await signUp(server, 'eve@example.org');
  await signUp(server, 'ann@example.org');
  const as = async (email: string) => (await auth(server, 'login', { email, password })).status;
  const flood = Array.from({ length: 200 }, async () => as('eve@example.org'));
  // She is served among the first, so most of the flood was refused and not queued before her.
  expect(await as('ann@example.org')).toBe(200);
  const statuses = await Promise.all(flood);
  expect(statuses.every((status) => status === 200 || status === 429)).toBe(true);
  expect(statuses).toContain(429);
});

test('what strangers try keeps nobody out who was there before (SPEC 10.3)', async () => {
  await withServer({ RATE_LIMIT_FACTOR: '0.05' }, async (server) => {
    const ann = await signUp(server, 'ann@example.org');
    const login = async (email: string, word: string) =>
      (await auth(server, 'login', { email, password: word })).status;
    const guesses: number[] = [];
    for (let guess = 0; guess < 8; guess++) {
      guesses.push(await login(`person-${guess}@example.org`, 'a wrong password'));
    }
    expect(guesses.at(-1)).toBe(429);
    expect(await login('ann@example.org', password)).toBe(200);

    const refresh = async (cookie: string) =>
      (await auth(server, 'refresh', {}, { cookie })).status;
    const madeUp = Array.from({ length: 120 }, async (_, n) =>
      refresh(`studyrooms_refresh=family-${n}.secret`),
    );
    expect(await Promise.all(madeUp)).toContain(429);
    expect(await refresh(ann.cookie)).toBe(200);
  });
});

test('a loop of renewals is throttled', async () => {
  await withServer({ RATE_LIMIT_FACTOR: '0.1' }, async (server) => {
    let { cookie } = await signUp(server, 'ann@example.org');
    const statuses: number[] = [];
    for (let renewal = 0; renewal < 12; renewal++) {
      const answer = await auth(server, 'refresh', {}, { cookie });
      statuses.push(answer.status);
      if (answer.status === 200) cookie = answer.cookie;
    }
    expect(statuses.slice(0, 6)).toEqual(Array<number>(6).fill(200));
    expect(statuses).toContain(429);
  });
});

const stores: [string, Record<string, string> | undefined][] = [
  ['the embedded store', {}],
  ['MongoDB', mongodb === undefined ? undefined : { MONGODB_URI: mongodb }],
];
for (const [store, environment] of stores) {
  test(`signing out everywhere ends every session and socket, with ${store} (SPEC 10.2)`, async () => {
    test.skip(environment === undefined, 'MONGODB_URI is not set');
    const MONGODB_DB = `studyrooms_e2e_${Date.now()}`;
    const own = environment?.['MONGODB_URI'] ? { ...environment, MONGODB_DB } : {};
    await withServer(own, async (server) => {
      const first = await signUp(server, 'ann@example.org');
      const login = { email: 'ann@example.org', password };
      const others = [await auth(server, 'login', login), await auth(server, 'login', login)];
      const bob = await signUp(server, 'bob@example.org');
      const socket = connect(server, { token: first.body.accessToken }, { reconnection: false });
      const bobs = connect(server, { token: bob.body.accessToken }, { reconnection: false });
      await Promise.all([heard(socket, 'connect'), heard(bobs, 'connect')]);

      const refresh = async (cookie: string) => auth(server, 'refresh', {}, { cookie });
      const told = next<{ code: string }>(socket, 'error');
      const ended = heard(socket, 'disconnect');
      // Sessions that are being renewed at that moment end too.
      const renewing = Array.from({ length: 20 }, async () => refresh(others[0]?.cookie ?? ''));
      const out = await auth(server, 'logout?everywhere=true', {}, { cookie: first.cookie });
      expect(out.status).toBe(204);
      expect((await told).code).toBe('unauthorized');
      await ended;
      const renewed = (await Promise.all(renewing)).map(({ cookie }) => cookie);
      const cookies = [first, ...others].map(({ cookie }) => cookie).concat(renewed);
      for (const cookie of cookies.filter((text) => text !== '')) {
        expect((await refresh(cookie)).status).toBe(401);
      }
      expect(bobs.connected).toBe(true);
      expect((await refresh(bob.cookie)).status).toBe(200);
    });
  });

  test(`tabs that renew one session at the same moment all go on, with ${store}`, async () => {
    test.skip(environment === undefined, 'MONGODB_URI is not set');
    const MONGODB_DB = `studyrooms_e2e_${Date.now()}`;
    const own = environment?.['MONGODB_URI'] ? { ...environment, MONGODB_DB } : {};
    await withServer(own, async (server) => {
      const { cookie } = await signUp(server, 'ann@example.org');
      const refresh = async (of: string) => auth(server, 'refresh', {}, { cookie: of });
      const tabs = await Promise.all(Array.from({ length: 10 }, async () => refresh(cookie)));
      expect(tabs.map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
      const again = await Promise.all(tabs.map(async (tab) => refresh(tab.cookie)));
      expect(again.map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
    });
  });
}

test('signing out everywhere works by the access token, and not by nothing', async ({ server }) => {
  const { body, cookie } = await signUp(server, 'ann@example.org');
  const nobody = await auth(server, 'logout?everywhere=true', {});
  expect([nobody.status, nobody.body.error.code]).toEqual([401, 'unauthorized']);
  const headers = { authorization: `Bearer ${body.accessToken}` };
  expect((await auth(server, 'logout?everywhere=true', {}, headers)).status).toBe(204);
  expect((await auth(server, 'refresh', {}, { cookie })).status).toBe(401);
});

test('the profile is shown and changed, field by field', async ({ server }) => {
  const { accessToken } = (await signUp(server, 'ann@example.org')).body;
  const me = async (method: string, body?: object) =>
    call<UserProfile & ErrorBody>(server, method, '/api/me', body, accessToken);
  expect((await me('GET')).body).toMatchObject({ name: 'Ann', timeZone: 'UTC', guest: false });
  const moved = await me('PATCH', { timeZone: 'Europe/Helsinki' });
  expect(moved.body).toMatchObject({ name: 'Ann', timeZone: 'Europe/Helsinki' });
  const renamed = await me('PATCH', { name: '  Anna ' });
  expect(renamed.body).toMatchObject({ name: 'Anna', timeZone: 'Europe/Helsinki' });
  expect((await me('GET')).body).toEqual(renamed.body);
  for (const [patch, field] of [
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ name: '' }, 'name'],
    [{ name: 7 }, 'name'],
  ] as const) {
    const answer = await me('PATCH', patch);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain(field);
  }
  expect((await call(server, 'PATCH', '/api/me', { name: 'Eve' })).status).toBe(401);
});

test('a Redis that cannot be reached keeps the server from starting', async () => {
  const url = `redis://:s3cret@127.0.0.1:${await freePort()}`;
  const started = Server.start({ REDIS_URL: url });
  await expect(started).rejects.toThrow(/REDIS_URL: cannot be reached/);
  await expect(started).rejects.not.toThrow(/s3cret/);
});

test('instances share their rate limits through Redis (SPEC 11.8)', async () => {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', ''];
  const redis = spawn('redis-server', options, { stdio: 'ignore' });
  const REDIS_URL = `redis://127.0.0.1:${port}`;
  const environment = { REDIS_URL, RATE_LIMIT_FACTOR: '1' };
  try {
    await expect
      .poll(async () =>
        Server.start(environment).then(
          async (server) => server.dispose(),
          () => 'not yet',
        ),
      )
      .toBeUndefined();
    await withServer(environment, async (one) =>
      withServer(environment, async (other) => {
        const body = { email: 'ann@example.org', password: 'a wrong password' };
        for (let guess = 0; guess < 10; guess++) {
          expect((await auth(guess % 2 ? one : other, 'login', body)).status).toBe(401);
        }
        expect((await auth(one, 'login', body)).status).toBe(429);
        expect((await auth(other, 'login', body)).status).toBe(429);
        expect(one.log).toContain('must share MONGODB_URI and JWT_SECRET');
      }),
    );
  } finally {
    redis.kill();
    await once(redis, 'exit');
  }
});
