import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';
import { binary } from '../../server.ts';

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
  const dataDir = await mkdtemp(path.join(tmpdir(), 'studyrooms-e2e-'));
  const flags = ['--listen', '127.0.0.1:0', '--data-dir', dataDir, '--tls-self-signed'];
  const server = spawn(binary, flags, {
    env: { EMBEDDED_TURN: 'off' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(server, 'exit');
  try {
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
    const url = line.replace('StudyRooms is at ', '');
    expect(url).toMatch(/^https:\/\/localhost:\d+$/);
    const ca = await readFile(path.join(dataDir, 'tls/cert.pem'), 'utf8');
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
  } finally {
    server.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    await rm(dataDir, { recursive: true, force: true });
  }
});
