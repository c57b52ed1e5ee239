import type { Page } from '@playwright/test';
import type axe from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '../../browser.ts';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare const window: { axe: typeof axe };

/** What axe finds that keeps someone out, and headings out of order; each with where it is. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run();
    return violations
      .filter(
        ({ id, impact }) => impact === 'serious' || impact === 'critical' || id === 'heading-order',
      )
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(
    `nothing keeps a reader of the screen out, ${colorScheme}`,
    { tag: '@chromium' },
    async ({ arrive, server }) => {
      test.setTimeout(180_000);
      const ann = await arrive('Ann');
      const { page } = ann;
      page.setDefaultTimeout(20_000);
      // Colours in the middle of a change are those of neither end.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const clean = async (what: string) => expect.soft(await violations(page), what).toEqual([]);
      const atHeading = async (what: string) =>
        expect
          .poll(() => page.evaluate(() => document.activeElement?.tagName), { message: what })
          .toMatch(/^(H1|INPUT)$/);

      await page.goto(server.url);
      await expect(page.getByRole('link', { name: 'Sign up' }).first()).toBeVisible();
      await clean('landing');
      await page.getByRole('link', { name: 'Sign up' }).first().click();
      await expect(page.getByLabel('Password')).toBeVisible();
      await clean('sign-up');
      await atHeading('sign-up');
      const account = await ann.getAccount();
      await ann.toLobby();
      await clean('empty lobby');
      const { code, roomId } = await account.createRoom('Algebra');
      const { socket } = await account.join(roomId);
      socket.disconnect();
      await ann.toLobby();
      await expect(page.getByText('Algebra')).toBeVisible();
      await clean('lobby');
      await ann.button('New room').click();
      await clean('new room');
      await page.keyboard.press('Escape');

      await page.goto(`${server.url}/r/${code}`);
      await ann.cameraOff();
      await clean('before the room');
      await ann.enter();
      await atHeading('room');
      await expect(page.getByText('You are in. No one else is here.')).toBeAttached();
      await clean('room');

      const bob = await arrive('Bob');
      await bob.getAccount();
      await bob.come(`${server.url}/r/${code}`);
      await expect(page.getByText('Bob came in')).toBeAttached();
      await bob.button('Raise hand').click();
      await expect(page.getByText('Bob raised a hand')).toBeAttached();

      await ann.say('Look at https://example.org/');
      await bob.say('And **this**');
      await ann.hears('this');
      await ann.message('this').hover();
      await ann
        .message('this')
        .getByRole('button', { name: /: actions$/ })
        .click();
      await clean('menu of a message');
      // The log reads what is said, and not the menu.
      const menu = ann.message('this').getByRole('button', { name: 'Reply' });
      expect(
        await menu.evaluate((it) =>
          it.closest('[aria-live], [role=log]')?.getAttribute('aria-live'),
        ),
      ).toBe('off');
      await page.keyboard.press('Escape');
      await clean('chat');
      await ann.openTab('Tasks');
      await page.getByLabel('New task').fill('Read');
      await ann.button('Add').click();
      await expect(page.getByRole('region', { name: 'Tasks' }).getByRole('listitem')).toHaveCount(
        1,
      );
      await clean('tasks');
      await ann.openTab('Files');
      await clean('files');
      await ann.openTab('Participants');
      await clean('people');
      await ann.openBoard();
      await clean('board');
      await ann.button('Versions').click();
      await clean('versions');
      await page.keyboard.press('Escape');

      await page.getByRole('button', { name: /^Timer/ }).click();
      await clean('timer');
      await ann.button('Start').click();
      await expect(
        page
          .getByRole('status')
          .or(page.locator('[aria-live]'))
          .filter({ hasText: /Focus/ })
          .first(),
      ).toBeAttached();
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.tagName))
        .not.toBe('BODY');
      await page.keyboard.press('Escape');

      await ann.button('Room settings').click();
      for (const tab of ['Room', 'Members', 'Bans', 'Log', 'Data']) {
        await page.getByRole('dialog').getByRole('tab', { name: tab, exact: true }).click();
        await clean(`settings: ${tab}`);
      }
      await page.keyboard.press('Escape');
      await ann.button('Account').click();
      await ann.button('Profile').click();
      await clean('profile');
      await page.keyboard.press('Escape');
      await ann.button('Leave').click();
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await clean('after the room');
      await atHeading('after the room');
    },
  );
}
