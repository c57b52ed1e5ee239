import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { io } from 'socket.io-client';
import { withHttps } from '../../https.ts';

/** Posts JSON to a server whose certificate `ca` vouches for. */
async function post(
  url: string,
  ca: string,
  body: unknown,
  token = '',
): Promise<Record<string, string>> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const asking = request(url, { method: 'POST', ca, headers });
  asking.end(JSON.stringify(body));
  const [answer] = (await once(asking, 'response')) as [AsyncIterable<Buffer>];
  let text = '';
  for await (const chunk of answer) text += chunk.toString();
  return JSON.parse(text) as Record<string, string>;
}

test('stock clients speak over HTTPS, by WebSocket and by polling', async () => {
  await withHttps({ EMBEDDED_TURN: 'off' }, async (url, ca) => {
    const ann = { email: 'ann@example.org', password: 'a long password', name: 'Ann' };
    const token = (await post(`${url}/api/auth/signup`, ca, ann))['accessToken'];
    const { roomId } = await post(`${url}/api/rooms`, ca, { title: 'Maths' }, token);
    for (const transport of ['websocket', 'polling']) {
      const socket = io(`${url}/rooms`, {
        ca,
        auth: { token },
        transports: [transport],
        forceNew: true,
      });
      const joined = (await socket.emitWithAck('joinRoom', { roomId })) as { ok: boolean };
      expect(joined.ok).toBe(true);
      socket.disconnect();
    }
  });
});

/** How long a request by HTTPS takes, on a connection of its own. */
async function asking(url: string, ca: string): Promise<number> {
  const began = performance.now();
  const [answer] = (await once(
    request(`${url}/health`, { ca, agent: false }).end(),
    'response',
  )) as [{ statusCode: number; resume: () => void }];
  answer.resume();
  expect(answer.statusCode).toBe(200);
  return performance.now() - began;
}

test('a flood of handshakes, half and whole, keeps no one from being served', async () => {
  const limits = { MAX_CONNECTIONS: '300', MAX_CONNECTIONS_PER_ADDRESS: '64' };
  await withHttps({ EMBEDDED_TURN: 'off', ...limits }, async (url, ca) => {
    const port = Number(new URL(url).port);
    const open = new Set<Socket>();
    const ends: number[] = [];
    let [begun, agreed, isOver] = [0, 0, false];
    const come = (address: string) => {
      begun += 1;
      const at = performance.now();
      const socket = connect({ port, host: '127.0.0.1', localAddress: address });
      open.add(socket);
      // The head of a record, whose rest never comes.
      socket.on('connect', () => socket.write(Buffer.from([22, 3, 1, 2, 0, 1])));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        ends.push(performance.now() - at);
      });
    };
    const silent = setInterval(() => {
      for (let n = 2; n <= 7 && open.size < 900; n++) come(`127.0.0.${n}`);
    }, 5);
    const agree = async () => {
      while (!isOver) {
        const plain = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.9' });
        const socket = connectTls({ socket: plain, servername: 'localhost', ca });
        plain.on('error', () => undefined);
        socket.on('error', () => undefined);
        socket.once('secureConnect', () => (agreed += 1));
        const ended = [once(socket, 'secureConnect'), once(socket, 'close')];
        await Promise.race(ended).catch(() => undefined);
        socket.destroy();
      }
    };
    const loops = Array.from({ length: 4 }, agree);
    const took: number[] = [];
    const until = performance.now() + 12_000;
    while (performance.now() < until) took.push(await asking(url, ca));
    isOver = true;
    clearInterval(silent);
    await Promise.all(loops);
    for (const socket of open) socket.destroy();
    expect(begun).toBeGreaterThan(600);
    expect(agreed).toBeGreaterThan(20);
    // Beyond the bound somebody goes, and everybody when ten seconds are over.
    expect(ends.length).toBeGreaterThan(300);
    expect(Math.max(...ends)).toBeLessThan(15_000);
    expect(took.length).toBeGreaterThan(10);
    expect(Math.max(...took)).toBeLessThan(2_000);
  });
});
