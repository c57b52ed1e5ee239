import type { Page } from '@playwright/test';
import { expect, test, type Visitor } from '../../browser.ts';
import { decodes, dismiss, flows, gather, soundOf } from '../../calls.ts';

/** How many of a page's connections bring pictures at the moment. */
async function bringPictures(page: Page): Promise<number> {
  const before = await flows(page);
  await page.waitForTimeout(1_000);
  const now = await flows(page);
  // A key frame on its way when the sender stopped is no picture that moves.
  return now.filter((it, n) => it.framesDecoded - (before[n]?.framesDecoded ?? 0) > 2).length;
}

const tile = (visitor: Visitor, name: string) =>
  visitor.page
    .getByRole('list', { name: 'People in the call' })
    .getByRole('listitem')
    .filter({ hasText: name });

test('what nobody looks at is not sent, and comes back when it is looked at', async ({
  browser,
  server,
}) => {
  test.setTimeout(180_000);
  const names = [{ name: 'Ann' }, { name: 'Bob' }, { name: 'Eve' }];
  const visitors = await gather(browser, server, names);
  try {
    const [ann] = visitors;
    if (!ann) throw new Error('nobody came');
    await decodes(ann.page, 2);

    await test.step('on another page', async () => {
      await ann.page.setViewportSize({ width: 390, height: 360 });
      await expect(tile(ann, 'Eve')).toHaveCount(0);
      await expect.poll(async () => bringPictures(ann.page)).toBe(1);
      await ann.button('Next page').click();
      await expect(tile(ann, 'Eve')).toHaveCount(1);
      await expect(tile(ann, 'Bob')).toHaveCount(0);
      await ann.sees(1);
      await ann.page.setViewportSize({ width: 1440, height: 900 });
      await ann.sees(2);
      await expect.poll(async () => bringPictures(ann.page)).toBe(2);
    });

    await test.step('the voices went on meanwhile', async () => {
      await expect
        .poll(async () => (await soundOf(ann.page)).every(({ received }) => received > 0))
        .toBe(true);
    });

    await test.step('one can be pinned and heard less', async () => {
      await tile(ann, 'Bob').hover();
      await ann.button('Bob: view').click();
      await ann.page.getByLabel('Volume').fill('20');
      await expect
        .poll(async () =>
          ann.page.evaluate(() => [...document.querySelectorAll('audio')].map((it) => it.volume)),
        )
        .toContain(0.2);
      await ann.button('Pin').click();
      const large = ann.page.getByRole('list', { name: 'In the spotlight' });
      await expect(large.getByRole('listitem')).toContainText('Bob');
      await ann.sees(2);
      await ann.button('Unpin').click();
      await expect(large).toHaveCount(0);
    });

    await test.step('a shared screen takes the room', async () => {
      const bob = visitors[1];
      await bob?.button('Share screen').click();
      await expect(ann.page.getByText('Bob shares the screen')).toBeVisible();
      await ann.sees(3);
      await bob?.button('Stop sharing').click();
      await expect(ann.page.getByText('Bob shares the screen')).toHaveCount(0);
    });
  } finally {
    await dismiss(visitors);
  }
});

test('keys work in a call, never while one writes, and Space lets one speak', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { code } = await account.createRoom('Algebra');
  await ann.come(`${server.url}/r/${code}`);
  const { keyboard } = ann.page;
  const off = ann.button('Turn microphone off');
  const on = ann.button('Turn microphone on');
  await expect(off).toBeVisible();

  await keyboard.press('m');
  await expect(on).toBeVisible();
  await keyboard.down(' ');
  await expect(off).toBeVisible();
  await keyboard.up(' ');
  await expect(on).toBeVisible();
  await keyboard.press('h');
  await expect(ann.button('Lower hand')).toBeVisible();

  await ann.page.getByRole('textbox', { name: 'Message' }).fill('');
  await keyboard.type('mmm hh');
  await expect(ann.page.getByRole('textbox', { name: 'Message' })).toHaveValue('mmm hh');
  await expect(on).toBeVisible();
  await expect(ann.button('Lower hand')).toBeVisible();

  await ann.button('Choose devices').click();
  await ann.page.getByLabel('Keyboard shortcuts').uncheck();
  await ann.button('Close').click();
  await ann.page.locator('body').click({ position: { x: 600, y: 20 } });
  await keyboard.press('m');
  await expect(on).toBeVisible();
});
