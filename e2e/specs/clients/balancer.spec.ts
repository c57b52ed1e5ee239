import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { Balancer } from '../../balancer.ts';
import { ask, Person } from '../../people.ts';
import { expect, freePort, Server, test } from '../../server.ts';

const mongodb = process.env['MONGODB_URI'];
const redis = process.env['REDIS_URL'];
// Before 2.11.4 Caddy lost the body of a request that met an instance which was just gone.
const [major = 0, minor = 0, patch = 0] = String(spawnSync('caddy', ['version']).stdout)
  .replace(/^v/, '')
  .split(/[. ]/)
  .map((part) => Number.parseInt(part, 10));
const keepsBodies = major * 1e6 + minor * 1e3 + patch >= 2_011_004;
const COOKIE = 'studyrooms_instance';

/** Two instances on one database, behind the balancer of the deployment. */
interface Site {
  instances: [Server, Server];
  balancer: Balancer;
}

async function withSite(use: (site: Site) => Promise<void>): Promise<void> {
  const port = await freePort();
  const environment = {
    MONGODB_URI: mongodb ?? '',
    MONGODB_DB: `studyrooms_e2e_${Date.now()}`,
    REDIS_URL: redis ?? '',
    JWT_SECRET: randomUUID(),
    PUBLIC_URL: `https://localhost:${port}`,
    TRUSTED_PROXIES: '127.0.0.1,::1',
  };
  const first = await Server.start(environment);
  const second = await Server.start(environment);
  try {
    const places = [first, second].map(({ url }) => new URL(url).host);
    const balancer = await Balancer.start(port, places);
    try {
      await use({ instances: [first, second], balancer });
    } finally {
      for (const socket of open) socket.disconnect();
      open.clear();
      await balancer.dispose();
    }
  } finally {
    await first.dispose();
    await second.dispose();
  }
}

const open = new Set<Socket>();

function connect(
  { url, ca }: Balancer,
  person: Person,
  options: Partial<ManagerOptions & SocketOptions>,
): Socket {
  const auth = { token: person.token };
  const socket = io(`${url}/rooms`, { auth, forceNew: true, ca, ...options });
  open.add(socket);
  return socket;
}

/** A room of one's own, a socket in it by way of the balancer, and what goes wrong with that. */
async function enter(
  { instances, balancer }: Site,
  name: string,
  options: Partial<ManagerOptions & SocketOptions>,
) {
  const person = await Person.signUp(instances[0], name);
  const { roomId } = await person.createRoom();
  const socket = connect(balancer, person, options);
  const errors: string[] = [];
  socket.on('connect_error', ({ message }) => errors.push(message));
  const joined = await ask(socket, 'joinRoom', { roomId });
  expect(joined.ok).toBe(true);
  return { person, roomId, socket, errors };
}

/** Also a socket that has yet to notice that its instance is gone. */
async function comesBack(socket: Socket, roomId: string): Promise<void> {
  const join = async () => expect((await ask(socket, 'joinRoom', { roomId })).ok).toBe(true);
  await expect(join).toPass({ timeout: 20_000 });
}

test.describe('two instances', () => {
  test.skip(!mongodb || !redis, 'MONGODB_URI and REDIS_URL are not set');

  test('a browser keeps to its instance, and everyone finds one', async () => {
    await withSite(async ({ balancer }) => {
      const cookies = new Set<string>();
      for (let n = 0; n < 30; n++) {
        const { status, headers } = await balancer.ask('/ready');
        expect(status).toBe(200);
        const [cookie = ''] = headers['set-cookie'] ?? [];
        expect(cookie).toContain(`${COOKIE}=`);
        cookies.add(cookie.split(';')[0] ?? '');
      }
      expect(cookies.size).toBe(2);
      for (const cookie of cookies) {
        const { headers } = await balancer.ask('/ready', { headers: { cookie } });
        expect(headers['set-cookie']).toBeUndefined();
      }
    });
  });

  const ways: [string, Partial<ManagerOptions & SocketOptions>][] = [
    ['long polling with the cookie', { transports: ['polling'], withCredentials: true }],
    ['long polling that becomes a WebSocket', { withCredentials: true }],
    ['WebSocket alone, without any cookie', { transports: ['websocket'] }],
  ];
  for (const [way, options] of ways) {
    test(`sockets work by ${way}`, async () => {
      await withSite(async (site) => {
        const names = ['Ann', 'Bob', 'Cleo', 'Dan', 'Eve', 'Fay'];
        const people = await Promise.all(names.map(async (name) => enter(site, name, options)));
        for (const { roomId, socket, errors } of people) {
          for (let n = 0; n < 5; n++) {
            const ack = await ask(socket, 'chat:message', { roomId, text: `${n}` });
            expect(ack.ok).toBe(true);
          }
          expect(errors).toEqual([]);
        }
      });
    });
  }

  test('instances that drain one after the other are noticed by nobody (SPEC 3.6)', async () => {
    await withSite(async (site) => {
      const names = ['Ann', 'Bob', 'Cleo', 'Dan'];
      const options = { transports: ['websocket'], reconnectionDelay: 50 };
      const people = await Promise.all(names.map(async (name) => enter(site, name, options)));
      const strange: string[] = [];
      let sent = 0;
      let isOver = false;
      const work = people.map(async ({ person, roomId }) => {
        const headers = {
          authorization: `Bearer ${person.token}`,
          'content-type': 'application/json',
        };
        const target = `/api/rooms/${roomId}/messages`;
        while (!isOver) {
          const text = JSON.stringify({ text: `${sent++}`, eventId: randomUUID() });
          const answers = [site.balancer.ask(target, { headers })];
          if (keepsBodies) {
            answers.push(site.balancer.ask(target, { method: 'POST', headers }, text));
          }
          for (const answer of answers) {
            const { status, body } = await answer.catch((error: unknown) => ({
              status: 0,
              body: String(error),
            }));
            if (status !== 200 && status !== 201) strange.push(`${status} ${body}`);
          }
        }
      });
      for (const instance of site.instances) {
        expect(await instance.stop()).toBe(0);
        await new Promise((wait) => setTimeout(wait, 2_000));
        await instance.run();
        // It is sent people again once the balancer has seen it.
        await new Promise((wait) => setTimeout(wait, 3_000));
      }
      isOver = true;
      await Promise.all(work);
      expect(sent).toBeGreaterThan(50);
      expect(strange).toEqual([]);
      for (const { roomId, socket, errors } of people) {
        await comesBack(socket, roomId);
        expect((await ask(socket, 'chat:message', { roomId, text: 'still here' })).ok).toBe(true);
        expect(errors).toEqual([]);
      }
    });
  });

  test('people of a killed instance go on at the other', async () => {
    await withSite(async (site) => {
      const names = ['Ann', 'Bob', 'Cleo', 'Dan', 'Eve', 'Fay'];
      const options = { transports: ['websocket'], reconnectionDelay: 50 };
      const people = await Promise.all(names.map(async (name) => enter(site, name, options)));
      await site.instances[0].kill();
      for (const { roomId, socket, errors } of people) {
        await comesBack(socket, roomId);
        expect(errors).toEqual([]);
      }
    });
  });
});

/** What reached a server, as the mirror tells it. */
interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
}

/** Stands for an instance and for the S3 server: tells what reaches it. */
async function mirror(): Promise<{ server: HttpServer; place: string }> {
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method, url, headers }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, place: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('what reaches the servers behind it', async () => {
  const { server, place } = await mirror();
  const balancer = await Balancer.start(await freePort(), [place], place);
  try {
    const headers = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'http' };
    const seen = JSON.parse((await balancer.ask('/api/x?y=1', { headers })).body) as Seen;
    expect(seen.url).toBe('/api/x?y=1');
    expect(seen.headers.host).toBe(`localhost:${balancer.port}`);
    // Not what the client says of itself.
    expect(['127.0.0.1', '::1']).toContain(seen.headers['x-forwarded-for']);
    expect(seen.headers['x-forwarded-proto']).toBe('https');

    const host = `files.localhost:${balancer.port}`;
    const files = { servername: 'files.localhost', headers: { host } };
    const target = '/studyrooms/a%20key?X-Amz-Signature=s';
    const put = await balancer.ask(target, { ...files, method: 'PUT' }, 'bytes');
    const stored = JSON.parse(put.body) as Seen;
    expect([stored.method, stored.url, stored.headers.host]).toEqual(['PUT', target, host]);
    expect(put.headers).toMatchObject({
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
    });
    // Neither other buckets, nor what changes a bucket.
    expect((await balancer.ask('/other/key', files)).status).toBe(404);
    expect((await balancer.ask('/studyrooms/key', { ...files, method: 'DELETE' })).status).toBe(
      404,
    );
    expect((await balancer.ask('/', files)).status).toBe(404);
  } finally {
    await balancer.dispose();
    server.close();
    server.closeAllConnections();
  }
});
