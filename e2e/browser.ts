import {
  type Browser,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
} from '@playwright/test';
import { randomUUID } from 'node:crypto';
import type { Server } from './server.ts';

/** A person at a browser of their own: nothing is shared between two of them. */
export class Visitor {
  private constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly server: Server,
  ) {}

  static async arrive(browser: Browser, server: Server, name: string): Promise<Visitor> {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    return new Visitor(name, context, await context.newPage(), server);
  }

  /** From wherever the page asks who one is, to having an account. */
  async signUp(): Promise<void> {
    await this.page
      .getByRole('link', { name: 'Sign up' })
      .or(this.button('Sign up'))
      .first()
      .click();
    await this.page.getByLabel('Name').fill(this.name);
    await this.page.getByLabel('Email').fill(`${this.name}-${randomUUID()}@example.org`);
    await this.page.getByLabel('Password').fill('a good password');
    await this.button('Create account').click();
  }

  /** Signs up, makes a room and enters it. Gives the room's link. */
  async openRoom(title: string): Promise<string> {
    await this.page.goto(this.server.url);
    await this.signUp();
    await this.button('New room').first().click();
    await this.page.getByLabel('Room name').fill(title);
    await this.button('Create room').click();
    await this.enter();
    return this.page.url();
  }

  /** Opens a link, signs up on the way, and enters. */
  async follow(link: string): Promise<void> {
    await this.page.goto(link);
    await this.signUp();
    await this.enter();
  }

  /** Through the page where one looks at oneself before joining. */
  async enter(): Promise<void> {
    await expect(this.button('Join room')).toBeEnabled();
    await this.button('Join room').click();
    await expect(this.button('Leave')).toBeVisible();
  }

  get chatLog(): Locator {
    return this.page.getByRole('log');
  }

  get remoteVideos(): Locator {
    return this.page.getByTestId('remote-video');
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await this.button('Send').click();
  }

  async hears(text: string): Promise<void> {
    await expect(this.chatLog.getByTestId('message').filter({ hasText: text })).toHaveCount(1);
  }

  /** Waits until that many remote videos show new pictures. */
  async sees(others: number): Promise<void> {
    await expect(this.remoteVideos).toHaveCount(others, { timeout: 30_000 });
    const before = await this.framesShown();
    await expect
      .poll(
        async () => {
          const now = await this.framesShown();
          return now.length === others && now.every((frames, n) => frames > (before[n] ?? 0) + 5);
        },
        { timeout: 30_000 },
      )
      .toBe(true);
  }

  async openBoard(): Promise<void> {
    const button = this.button('Whiteboard');
    if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
    await expect(this.canvas).toBeVisible();
  }

  get canvas(): Locator {
    return this.page.getByTestId('board-canvas');
  }

  /** Draws across the middle of the board. */
  async drawAcross(): Promise<void> {
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error('no board');
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width * 0.4, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + box.width * 0.6, y, { steps: 20 });
    await this.page.mouse.up();
  }

  /** Counts pixels in the middle of the board that differ from the paper. */
  async inkInTheMiddle(): Promise<number> {
    return this.canvas.evaluate((canvas: HTMLCanvasElement) => {
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no context');
      const [width, height] = [Math.floor(canvas.width * 0.2), Math.floor(canvas.height * 0.1)];
      const [x, y] = [Math.floor(canvas.width * 0.4), Math.floor(canvas.height * 0.45)];
      const { data } = context.getImageData(x, y, width, height);
      let ink = 0;
      for (let at = 0; at < data.length; at += 4) {
        const differs = [0, 1, 2].some((n) => Math.abs((data[at + n] ?? 0) - (data[n] ?? 0)) > 40);
        if (differs) ink++;
      }
      return ink;
    });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  private async framesShown(): Promise<number[]> {
    return this.remoteVideos.evaluateAll((videos) =>
      videos.map((video) => (video as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames),
    );
  }
}
