import type { Locator } from '@playwright/test';
import path from 'node:path';
import { expect, test } from '../../browser.ts';

const picture = path.resolve(import.meta.dirname, '../../../docs/room.png');

const width = (image: Locator) =>
  image.evaluate((it: HTMLImageElement) => (it.complete ? it.naturalWidth : 0));

test('a picture of oneself is chosen, seen by the other everywhere, and taken away', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra');
  const profile = async () => {
    await ann.toLobby();
    await ann.button('Account').click();
    await ann.button('Profile').click();
    return ann.page.getByRole('dialog').getByRole('region', { name: 'Picture' });
  };

  await test.step('chosen, cut to a square, and shown', async () => {
    const field = await profile();
    await field.getByTestId('avatar-picker').setInputFiles({
      name: 'fake.png',
      mimeType: 'image/png',
      buffer: Buffer.from('no picture'),
    });
    await expect(field.getByRole('alert')).toContainText('cannot read that picture');
    await field.getByTestId('avatar-picker').setInputFiles(picture);
    await expect.poll(() => width(field.locator('img'))).toBe(320);
    await expect(field.getByRole('alert')).toHaveCount(0);
  });

  await test.step('seen in the tile, in the list and beside what one says', async () => {
    await ann.come(`${server.url}/r/${code}`);
    await bob.come(`${server.url}/r/${code}`);
    await ann.say('Hello');
    await bob.hears('Hello');
    await expect.poll(() => width(bob.chatLog.locator('img').first())).toBe(320);
    const tile = bob.page.locator('li[data-picture]').filter({ hasText: 'Ann' });
    await expect.poll(() => width(tile.locator('img'))).toBe(320);
    await bob.openTab('Participants');
    await expect.poll(() => width(bob.person('Ann').locator('img'))).toBe(320);
    await expect(bob.person('Bob').locator('img')).toHaveCount(0);
  });

  await test.step('taken away', async () => {
    const field = await profile();
    await field.getByRole('button', { name: 'Remove it' }).click();
    await expect(field.locator('img')).toHaveCount(0);
    await bob.reload();
    await bob.hears('Hello');
    await expect(bob.chatLog.locator('img')).toHaveCount(0);
  });
});
