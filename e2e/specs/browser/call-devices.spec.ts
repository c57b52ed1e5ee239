import type { Page } from '@playwright/test';
import { expect, test } from '../../browser.ts';

/** Keeps every track that a page is lent, copies too. */
async function watchDevices(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const lent: MediaStreamTrack[] = [];
    Object.assign(window, { lent });
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      lent.push(...stream.getTracks());
      return stream;
    };
    type Cloning = { clone: (this: MediaStreamTrack) => MediaStreamTrack };
    const prototype: Cloning = MediaStreamTrack.prototype;
    const { clone } = prototype;
    prototype.clone = function () {
      const copy = clone.call(this);
      lent.push(copy);
      return copy;
    };
  });
}

const live = async (page: Page) =>
  page.evaluate(() => {
    const { lent } = window as unknown as { lent: MediaStreamTrack[] };
    return lent.filter((track) => track.readyState === 'live').map((track) => track.kind);
  });

test('camera and microphone end with the room, whatever page follows, and come back with it (SPEC 9.6)', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: bob } = await arriveSignedIn('Bob');
  const { code } = await account.createRoom('Algebra', { access: 'waiting' });
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await watchDevices(bob.page);
  await bob.page.goto(link);
  await expect.poll(() => live(bob.page)).toContain('video');

  await test.step('at the door nothing is held', async () => {
    await bob.knock();
    await expect(bob.page.getByText('Someone inside has to let you in.')).toBeVisible();
    await expect.poll(() => live(bob.page)).toEqual([]);
  });
  await test.step('turned away neither', async () => {
    await ann.button('Turn Bob away').click();
    await expect(bob.heading('Not this time')).toBeVisible();
    expect(await live(bob.page)).toEqual([]);
  });
  await test.step('inside they are on again', async () => {
    await bob.button('Ask again').click();
    await bob.knock();
    await ann.button('Let Bob in').click();
    await expect(bob.button('Leave')).toBeVisible();
    await expect.poll(() => live(bob.page)).toContain('video');
    await expect.poll(() => live(bob.page)).toContain('audio');
  });
  await test.step('and off with a removal', async () => {
    await ann.chooseForPerson('Bob', 'Remove…');
    const dialog = ann.page.getByRole('dialog', { name: 'Remove Bob?' });
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(bob.heading('You were removed')).toBeVisible();
    await expect.poll(() => live(bob.page)).toEqual([]);
  });
});
