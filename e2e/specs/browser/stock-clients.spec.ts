import type { MessageSent } from '../../../client/src/protocol/index.ts';
import { expect, test } from '../../browser.ts';
import { ask, disconnectAll, Person } from '../../people.ts';
import { PythonClient } from '../../python.ts';

test.afterEach(disconnectAll);

for (const transport of ['websocket', 'polling']) {
  test(`socket.io-client and python-socketio over ${transport} chat with a browser`, async ({
    arrive,
    server,
  }) => {
    const ann = await arrive('Ann');
    const code = (await ann.openRoom('Many tongues')).split('/').at(-1) ?? '';

    const heard: string[] = [];
    const node = await Person.signUp(server, 'Node');
    const { socket } = await node.join(code, { transports: [transport] });
    socket.on('chat:message', ({ message }: MessageSent) => heard.push(message.text));

    const monty = await Person.signUp(server, 'Monty');
    const python = PythonClient.start(
      server.url,
      monty.token,
      code,
      transport,
      'hello from python',
    );
    try {
      await ann.hears('hello from python');
      await expect.poll(() => heard).toContain('hello from python');
      await expect
        .poll(() => python.payload('refused'))
        .toMatchObject({
          ok: false,
          error: { code: 'bad_request', message: 'missing field `text`' },
        });
      expect(python.payload('joined')).toEqual({ ok: true, transport });

      const ack = await ask(socket, 'chat:message', { roomId: code, text: 'hello from node' });
      expect(ack.ok).toBe(true);
      await ann.hears('hello from node');
      await ann.say('hello from the browser');
      await ann.say('bye python');
      await python.ended();
      expect(python.heard).toEqual([
        'hello from python',
        'hello from node',
        'hello from the browser',
        'bye python',
      ]);
      await expect.poll(() => heard).toEqual(python.heard);
    } finally {
      python.kill();
    }
  });
}
