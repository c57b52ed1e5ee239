import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { comesTrue, pause } from '../../load/waiting.ts';
import { ask, disconnectAll, Person } from '../../people.ts';
import { expect, Server, test } from '../../server.ts';
import { served } from '../../load/connections/served.ts';
import { Visitors } from '../../load/connections/visitor.ts';

test.afterEach(disconnectAll);

const portOf = (server: Server) => Number(new URL(server.url).port);

test('1,500 connections of strangers with 1,024 descriptors keep no one from being served (SPEC 11.3)', async () => {
  test.slow();
  const limited = ['sh', '-c', 'ulimit -n 1024 && exec "$@"', 'sh'];
  const server = await Server.start({}, '127.0.0.1', limited);
  const end = new AbortController();
  const outcome = served(server, 5, end.signal);
  const visitors = new Visitors({
    port: portOf(server),
    count: 1_500,
    perSecond: 400,
    addresses: [2, 3, 4],
  });
  await pause(15_000);
  const { opened } = visitors.held;
  end.abort();
  visitors.end();
  const { messages, arrivals, troubles } = await outcome;
  expect(troubles).toEqual([]);
  expect(opened).toBeGreaterThan(1_500);
  expect(messages).toBeGreaterThan(20);
  expect(arrivals).toBeGreaterThan(3);
  await server.dispose();
});

test('the soft limit of descriptors is raised to the hard one', async () => {
  const limited = ['sh', '-c', 'ulimit -Sn 256 && ulimit -Hn 2000 && exec "$@"', 'sh'];
  const server = await Server.start({}, '127.0.0.1', limited);
  const visitors = new Visitors({
    port: portOf(server),
    count: 600,
    perSecond: 600,
    addresses: [2],
  });
  expect(await comesTrue(() => visitors.held.opened >= 600, 5_000)).toBe(true);
  await pause(500);
  expect(visitors.held.open).toBe(600);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  visitors.end();
  await server.dispose();
});

/** How many milliseconds the connection lives after it said that. */
async function lifetime(server: Server, words: string): Promise<number> {
  const socket: Socket = connect(portOf(server), '127.0.0.1');
  const begun = performance.now();
  return new Promise((done) => {
    socket.on('connect', () => socket.write(words));
    socket.on('data', () => undefined);
    socket.on('error', () => undefined);
    socket.on('close', () => done(performance.now() - begun));
  });
}

test('who does not say what they want is let go, and so is who said it once', async ({
  server,
}) => {
  const head = 'GET /health HTTP/1.1\r\nHost: x\r\n';
  const lives = await Promise.all([
    lifetime(server, ''),
    lifetime(server, head),
    lifetime(server, `${head}\r\n`),
  ]);
  for (const life of lives) expect(life).toBeLessThan(25_000);
  // Not at once, for others use their connections again.
  expect(Math.min(...lives)).toBeGreaterThan(5_000);
});

test('a session that nobody joins ends in ten seconds, by websocket and by polling', async ({
  server,
}) => {
  const base = `${server.url}/socket.io/?EIO=4`;
  const socket = new WebSocket(`${base.replace('http', 'ws')}&transport=websocket`);
  // It answers every ping, and still does not join.
  socket.on('message', (data) => (data as Buffer).toString() === '2' && socket.send('3'));
  const begun = performance.now();
  const closed = new Promise<number>((done) =>
    socket.on('close', () => done(performance.now() - begun)),
  );
  const { sid } = JSON.parse(
    (await (await fetch(`${base}&transport=polling`)).text()).slice(1),
  ) as { sid: string };
  const polled = async () => fetch(`${base}&transport=polling&sid=${sid}`);
  let status = 200;
  while (status === 200 && performance.now() - begun < 20_000) {
    const answer = await polled();
    ({ status } = answer);
    if ((await answer.text()) === '2') {
      await fetch(`${base}&transport=polling&sid=${sid}`, { method: 'POST', body: '3' });
    }
  }
  expect(status).toBe(400);
  expect(performance.now() - begun).toBeLessThan(14_000);
  expect(await closed).toBeLessThan(14_000);
});

test('there are only so many sessions that nobody has joined, and people come in beside them', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const open = async () => (await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`)).text();
  for (let n = 0; n < 60; n++) await Promise.all(Array.from({ length: 25 }, open));
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const evicted = Number(/^studyrooms_sessions_evicted_total (\d+)$/m.exec(metrics)?.[1]);
  expect(evicted).toBeGreaterThan(300);
  const bob = await Person.signUp(server, 'Bob');
  await bob.join(roomId, { transports: ['polling'] });
  expect((await ask(socket, 'chat:message', { roomId, text: 'still here' })).ok).toBe(true);
});
