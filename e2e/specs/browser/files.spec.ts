import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../../browser.ts';
import { isForObject, noServer, shelfSettings, shelves } from '../../uploads.ts';

const picture = path.resolve(import.meta.dirname, '../../../docs/room.png');

test(
  'an upload over a slow line shows how far it is',
  { tag: '@chromium' },
  async ({ arriveSignedIn, server }) => {
    const { visitor: ann, account } = await arriveSignedIn('Ann');
    const { code } = await account.createRoom('Algebra');
    await ann.come(`${server.url}/r/${code}`);
    const line = await ann.context.newCDPSession(ann.page);
    const speed = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 60_000 };
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', speed);
    await ann.page.getByTestId('file-picker').setInputFiles(picture);
    const progress = ann.page
      .getByRole('tabpanel', { name: 'Chat' })
      .getByRole('progressbar', { name: 'Uploading room.png' });
    await expect(progress).toBeVisible();
    await expect.poll(async () => Number(await progress.getAttribute('value'))).toBeGreaterThan(0);
    await line.send('Network.emulateNetworkConditions', { ...speed, uploadThroughput: -1 });
    await expect(progress).toHaveCount(0);
    await expect(ann.button('Download room.png').first()).toBeVisible();
  },
);

// No request is intercepted here: the browser itself asks the other origin whether it may.
for (const shelf of shelves) {
  test.describe(`files on ${shelf}`, () => {
    test.skip(...noServer(shelf));
    test.use({ settings: async ({}, use) => use(shelfSettings(shelf)) });

    test('a picture is uploaded, seen by the other, found, and taken away', async ({
      arriveSignedIn,
      server,
    }) => {
      const { visitor: ann, account } = await arriveSignedIn('Ann');
      const { visitor: bob } = await arriveSignedIn('Bob');
      const { code } = await account.createRoom('Algebra');
      const link = `${server.url}/r/${code}`;
      await ann.come(link);
      await bob.come(link);

      await ann.page.getByTestId('file-picker').setInputFiles(picture);

      await test.step('the other sees it, small and large', async () => {
        const shown = bob.page.getByRole('button', { name: 'Show room.png' }).first();
        await expect(shown).toBeVisible();
        const small = shown.locator('img');
        await expect
          .poll(() => small.evaluate((img: HTMLImageElement) => img.naturalWidth))
          .toBe(320);
        await shown.click();
        const large = bob.page.getByRole('dialog').getByRole('img', { name: 'room.png' });
        await expect
          .poll(() => large.evaluate((img: HTMLImageElement) => img.naturalWidth))
          .toBeGreaterThan(320);
        await bob.page.keyboard.press('Escape');
      });

      await test.step('what one keeps is what was sent', async () => {
        const keeping = bob.page.waitForEvent('download');
        await bob.button('Download room.png').first().click();
        const kept = await keeping;
        expect(new URL(kept.url()).origin === server.url).toBe(shelf === 'embedded');
        expect(kept.suggestedFilename()).toBe('room.png');
        expect((await readFile(await kept.path())).equals(await readFile(picture))).toBe(true);
      });

      await test.step('dropped and pasted', async () => {
        for (const kind of ['drop', 'paste'] as const) {
          await ann.page.getByRole('textbox', { name: 'Message' }).evaluate((field, how) => {
            const data = new DataTransfer();
            data.items.add(new File([`a note by ${how}`], `${how}.txt`, { type: 'text/plain' }));
            const init = { bubbles: true, cancelable: true };
            field.dispatchEvent(
              how === 'drop'
                ? new DragEvent('drop', { ...init, dataTransfer: data })
                : // Firefox takes no files into an event that is made here.
                  Object.defineProperty(new ClipboardEvent('paste', init), 'clipboardData', {
                    value: data,
                  }),
            );
          }, kind);
          await expect(bob.page.getByText(`${kind}.txt`).first()).toBeVisible();
        }
      });

      await test.step('found among the files, and taken away for all', async () => {
        await bob.openTab('Files');
        await ann.openTab('Files');
        const list = bob.page.getByRole('list', { name: 'Shared files' });
        await expect(list.getByRole('listitem')).toHaveCount(3);
        await bob.page.getByRole('searchbox', { name: 'Search files' }).fill('ROOM ann');
        await expect(list.getByRole('listitem')).toHaveCount(1);
        await expect(bob.button('Remove room.png')).toHaveCount(0);
        await ann.button('Remove room.png').click();
        await ann.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
        await expect(bob.page.getByText('No file is called that')).toBeVisible();
      });
    });
  });
}

test('an upload that breaks off is tried again, and one that is given up is gone', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { code, roomId } = await account.createRoom('Algebra');
  await ann.come(`${server.url}/r/${code}`);
  await ann.page.route(isForObject, (route) => route.abort('connectionreset'));
  const note = { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('a note') };
  await ann.page.getByTestId('file-picker').setInputFiles(note);
  await expect(ann.page.getByRole('alert').first()).toContainText('broke off');
  await ann.page.unroute(isForObject);
  await ann.button('Upload note.txt again').first().click();
  await expect(ann.button('Download note.txt').first()).toBeVisible();

  await ann.page.route(isForObject, () => undefined);
  await ann.page.getByTestId('file-picker').setInputFiles({ ...note, name: 'other.txt' });
  await ann.button('Cancel other.txt').first().click();
  await expect(ann.page.getByText('other.txt')).toHaveCount(0);
  const list = await account.call<{ files: unknown[] }>('GET', `/api/rooms/${roomId}/files`);
  expect(list.body.files).toHaveLength(1);
});
