import type { Page } from '@playwright/test';
import { expect, test, type Visitor } from '../../browser.ts';

const LONG_WORD = 'a'.repeat(4000);
const LONG_NAME = 'Anna Maria Alexandra Konstantinopolitanska von Hohenzollern';
const ARABIC = 'مرحبا، هل نبدأ بالفصل الثالث؟ أو بالرابع (ص. 12)؟';

/** Names of what one can press or write in that is not wholly within the window. */
async function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>('button, input, textarea, select, a');
    return [...controls].flatMap((control) => {
      const { left, right, width } = control.getBoundingClientRect();
      const hidden = width <= 1 || control.closest('[inert], [hidden]') !== null;
      // A toolbar scrolls sideways by itself.
      const row = control.closest('[role="toolbar"]');
      if (hidden || row || (left >= -0.5 && right <= innerWidth + 0.5)) return [];
      return [`${control.getAttribute('aria-label') ?? control.textContent}: ${left} to ${right}`];
    });
  });
}

async function fits(visitor: Visitor, what: string): Promise<void> {
  const { page } = visitor;
  expect.soft(await outside(page), what).toEqual([]);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(wider, `${what} scrolls sideways`).toBeLessThanOrEqual(0);
  const folder = process.env['SCREENSHOTS'];
  const width = page.viewportSize()?.width ?? 0;
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${width}-${what}.png` });
}

for (const width of [320, 360, 390]) {
  // A page that takes its width from the device is Chromium's own.
  test.describe(`${width} px wide, by touch`, { tag: '@chromium' }, () => {
    test.use({ viewport: { width, height: 640 }, hasTouch: true, isMobile: true });

    test(`every form is wholly in sight at ${width} px`, async ({ arrive, server }) => {
      const ann = await arrive('Anna');
      const { page } = ann;
      await page.goto(server.url);
      await fits(ann, 'landing');
      await page.getByRole('link', { name: 'Sign up' }).first().click();
      await fits(ann, 'sign-up');
      await ann.getAccount();
      await ann.toLobby();
      await fits(ann, 'lobby');
      await ann.button('New room').click();
      await fits(ann, 'new-room');
      await page.getByLabel('Room name').fill('Grundlagen der Donaudampfschifffahrtselektrizität');
      await ann.button('Create room').click();
      await expect(ann.button('Join room')).toBeEnabled();
      await page.getByLabel('Your name').fill(LONG_NAME);
      await fits(ann, 'before');
      await ann.enter();
      await fits(ann, 'room');

      await ann.button('Open chat').click();
      await expect(ann.button('Send')).toBeInViewport({ ratio: 1 });
      for (const text of ['Hello', ARABIC, LONG_WORD]) await ann.say(text);
      await ann.hears(ARABIC);
      await expect(ann.button('Send')).toBeInViewport({ ratio: 1 });
      await fits(ann, 'chat');
      await ann.chooseFor('Hello', 'Edit');
      await fits(ann, 'edit');
      await ann.button('Cancel').click();
      await ann.openTab('Tasks');
      await page.getByLabel('New task').fill('Exercise 4, and all that one needs for it');
      await ann.button('Add').click();
      await fits(ann, 'tasks');
      await ann.openTab('Files');
      await fits(ann, 'files');
      await ann.openTab('Participants');
      await fits(ann, 'participants');
      await ann.button('Back to the room').click();
      await ann.button('Room settings').click();
      await fits(ann, 'settings');
      await ann.button('Close').click();
      await page.getByRole('button', { name: /^Timer/ }).click();
      await fits(ann, 'timer');
      await page.keyboard.press('Escape');
      await ann.openBoard();
      await fits(ann, 'board');
    });
  });
}
