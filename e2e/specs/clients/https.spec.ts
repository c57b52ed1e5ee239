import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { request } from 'node:https';
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
