import type { Browser } from '@playwright/test';
import { Visitor } from '../../browser.ts';
import { decodes, keepCalls } from '../../calls.ts';
import { expect, type Stage, test } from '../../instances.ts';

/** Someone at a browser that knows of one instance only. */
class Guest {
  private constructor(
    readonly visitor: Visitor,
    /** Where the page's sockets went. */
    readonly sockets: string[],
    readonly url: string,
  ) {}

  static async arrive(browser: Browser, { cluster }: Stage, index: number, name: string) {
    const instance = cluster.instance(index);
    const visitor = await Visitor.arrive(browser, instance, name);
    const sockets: string[] = [];
    visitor.page.on('websocket', (socket) => sockets.push(socket.url()));
    await keepCalls(visitor.page);
    return new Guest(visitor, sockets, instance.url);
  }

  expectOwnSocketsOnly(): void {
    const own = this.url.replace('http', 'ws');
    expect(this.sockets).not.toEqual([]);
    expect(this.sockets.filter((url) => !url.startsWith(`${own}/`))).toEqual([]);
  }
}

// The driver of Firefox does not tell which sockets a page opens.
test(
  'two browsers on two instances are in one room, and in one call',
  { tag: '@chromium' },
  async ({ browser, stage }) => {
    test.setTimeout(180_000);
    const guests = [
      await Guest.arrive(browser, stage, 0, 'Ann'),
      await Guest.arrive(browser, stage, 1, 'Bob'),
    ] as const;
    const [ann, bob] = [guests[0].visitor, guests[1].visitor];
    const everyone = [ann, bob];
    try {
      const link = await ann.openRoom('Two instances');
      await bob.follow(link.replace(guests[0].url, guests[1].url));

      await test.step('each sees the other in the list of people', async () => {
        for (const visitor of everyone) {
          await visitor.openTab('Participants');
          for (const name of ['Ann', 'Bob']) await expect(visitor.person(name)).toHaveCount(1);
          await visitor.openTab('Chat');
        }
      });

      await test.step('each sees the other in a call', async () => {
        await Promise.all([ann.sees(1), bob.sees(1)]);
        await Promise.all(everyone.map(async ({ page }) => decodes(page, 1)));
      });

      await test.step('each sees the other typing, and reads what came of it', async () => {
        for (const [writer, reader] of [
          [ann, bob],
          [bob, ann],
        ] as const) {
          const typing = reader.page.getByText(`${writer.name} is typing…`);
          const text = `Hello from ${writer.name}`;
          await writer.page.getByRole('textbox', { name: 'Message' }).pressSequentially(text);
          await expect(typing).toBeVisible();
          await writer.button('Send').click();
          await reader.hears(text);
          await expect(typing).toBeHidden();
        }
      });

      await test.step('what is drawn by one is on the other’s board, and undone there too', async () => {
        await ann.openBoard();
        await bob.openBoard();
        for (const [drawer, watcher] of [
          [ann, bob],
          [bob, ann],
        ] as const) {
          expect(await watcher.inkInTheMiddle()).toBe(0);
          await drawer.drawAcross();
          await expect.poll(() => watcher.inkInTheMiddle()).toBeGreaterThan(50);
          await drawer.button('Undo').click();
          await expect.poll(() => watcher.inkInTheMiddle()).toBe(0);
        }
      });

      await test.step('when one’s instance is killed the call goes on, and nothing is lost', async () => {
        const instance = stage.cluster.instance(1);
        const banner = bob.page.getByRole('status').filter({ hasText: 'Reconnecting' });
        await instance.kill();
        await expect(banner).toBeVisible();
        await ann.say('Where are you?');
        await Promise.all(everyone.map(async ({ page }) => decodes(page, 1)));
        await instance.run();
        await expect(banner).toBeHidden({ timeout: 30_000 });
        await bob.hears('Where are you?');
        await bob.say('Here again');
        await ann.hears('Here again');
        await Promise.all([ann.sees(1), bob.sees(1)]);
      });

      for (const guest of guests) guest.expectOwnSocketsOnly();
    } finally {
      for (const { context } of everyone) await context.close();
    }
  },
);
