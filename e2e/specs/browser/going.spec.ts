import { once } from 'node:events';
import { createServer } from 'node:http';
import type { UserLeft } from '../../../client/src/protocol/index.ts';
import { expect, test } from '../../browser.ts';
import { disconnectAll } from '../../people.ts';

test.afterEach(disconnectAll);

/** Who is only cut off stands in the list for five seconds. */
const AT_ONCE = { timeout: 1_500 };

test('who reloads or goes elsewhere is not shown in the room any more', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await ann.openTab('Participants');
  await bob.come(link);
  await expect(ann.person('Bob')).toHaveCount(1);

  await test.step('reloaded', async () => {
    await bob.page.reload();
    await expect(bob.button('Join room')).toBeEnabled();
    await expect(ann.person('Bob')).toHaveCount(0, AT_ONCE);
  });

  await test.step('back, and once', async () => {
    await bob.enter();
    await expect(ann.person('Bob')).toHaveCount(1);
  });

  await test.step('gone elsewhere', async () => {
    await bob.toLobby();
    await expect(ann.person('Bob')).toHaveCount(0, AT_ONCE);
  });

  await test.step('gone to a site that is slow to answer', async () => {
    await bob.come(link);
    await expect(ann.person('Bob')).toHaveCount(1);
    const slow = createServer((_, answer) => setTimeout(() => answer.end('here'), 2_500));
    slow.listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const address = slow.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await bob.page.goto(`http://127.0.0.1:${address.port}`);
    await expect(ann.person('Bob')).toHaveCount(0, AT_ONCE);
    slow.close();
  });
});

test('who keeps a file stays in the room', async ({ arriveSignedIn, server }) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { code, roomId } = await account.createRoom('Algebra');
  await ann.come(`${server.url}/r/${code}`);
  const { socket } = await account.join(roomId);
  const left: UserLeft[] = [];
  socket.on('user:left', (news: UserLeft) => left.push(news));
  const note = { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('a note') };
  await ann.page.getByTestId('file-picker').setInputFiles(note);
  const keeping = ann.page.waitForEvent('download');
  await ann.button('Download note.txt').first().click();
  expect((await keeping).suggestedFilename()).toBe('note.txt');
  // What Firefox would have said before it knew that the page stays.
  await ann.say('Got it');
  await ann.hears('Got it');
  expect(left).toEqual([]);
});
