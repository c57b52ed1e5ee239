import {
  type Browser,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
} from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SignedIn } from '../client/src/protocol/index.ts';
import { isFirefox, typeAsPeopleDo } from './firefox.ts';
import { Person, type Site } from './people.ts';
import { test as base } from './server.ts';

const PASSWORD = 'a good password';

/** While one works on the client: a folder whose pages are shown instead of those in the program. */
const clientDist = process.env['CLIENT_DIST'];

async function showPagesOf(context: BrowserContext, folder: string): Promise<void> {
  // Pages that come from nowhere may not talk to this machine otherwise.
  await context.grantPermissions(['camera', 'microphone', 'local-network-access']);
  await context.route(/^https?:\/\/[^/]+\/(?!api\/|objects\/|socket\.io)/, async (route) => {
    const { pathname } = new URL(route.request().url());
    const file = path.join(folder, pathname);
    const isAsset = pathname !== '/' && existsSync(file);
    await route.fulfill({ path: isAsset ? file : path.join(folder, 'index.html') });
  });
}

/** A person at a browser of their own: nothing is shared between two of them. */
export class Visitor {
  readonly email: string;
  /** As soon as this browser is signed in without the pages for it. */
  account: Person | undefined;

  private constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly server: Site,
  ) {
    this.email = `${name.toLowerCase()}-${randomUUID()}@example.org`;
  }

  static async arrive(browser: Browser, server: Site, name: string): Promise<Visitor> {
    const context = isFirefox(browser)
      ? await browser.newContext()
      : await browser.newContext({ permissions: ['camera', 'microphone'] });
    if (isFirefox(browser)) await typeAsPeopleDo(context);
    if (clientDist !== undefined) await showPagesOf(context, clientDist);
    return new Visitor(name, context, await context.newPage(), server);
  }

  /** The same person with one more tab. */
  async secondTab(): Promise<Visitor> {
    return new Visitor(this.name, this.context, await this.context.newPage(), this.server);
  }

  /** From wherever the page asks who one is, to having an account. */
  async signUp(): Promise<void> {
    await this.page
      .getByRole('link', { name: 'Sign up' })
      .or(this.button('Sign up'))
      .first()
      .click();
    await this.page.getByLabel('Name').fill(this.name);
    await this.page.getByLabel('Email').fill(this.email);
    await this.page.getByLabel('Password').fill(PASSWORD);
    await this.button('Create account').click();
  }

  /** An account without the pages for it: whatever this browser opens next, it is signed in. */
  async getAccount(): Promise<Person> {
    const body = { email: this.email, password: PASSWORD, name: this.name };
    return this.authenticate('signup', body);
  }

  /** Into someone's account, from this browser too. */
  async signInAs(other: Visitor): Promise<void> {
    await this.authenticate('login', { email: other.email, password: PASSWORD });
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

  /** Opens a link, being signed in, and enters without a camera. */
  async come(link: string): Promise<void> {
    await this.page.goto(link);
    await this.cameraOff();
    await this.enter();
  }

  /** Video costs a small machine more than all the rest. */
  async cameraOff(): Promise<void> {
    const on = this.button('Turn camera off');
    await expect(on.or(this.button('Turn camera on'))).toBeVisible();
    if (await on.isVisible()) await on.click();
  }

  /** Through the page where one looks at oneself before joining. */
  async enter(): Promise<void> {
    await this.knock();
    await expect(this.button('Leave')).toBeVisible();
  }

  async knock(): Promise<void> {
    await expect(this.button('Join room')).toBeEnabled();
    await this.button('Join room').click();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.enter();
  }

  async toLobby(): Promise<void> {
    await this.page.goto(`${this.server.url}/lobby`);
    await expect(this.page.getByRole('heading', { name: 'Your rooms' })).toBeVisible();
  }

  get chatLog(): Locator {
    return this.page.getByRole('log');
  }

  message(text: string): Locator {
    return this.chatLog.getByTestId('message').filter({ hasText: text });
  }

  /** Chooses from what one can do with a message. */
  async chooseFor(text: string, item: string): Promise<void> {
    const message = this.message(text);
    await message.hover();
    await message.getByRole('button', { name: /: actions$/ }).click();
    await message.getByRole('button', { name: item, exact: true }).click();
  }

  async openTab(name: 'Chat' | 'Tasks' | 'Files' | 'Participants'): Promise<void> {
    await this.tab(name).click();
    await expect(this.tab(name)).toHaveAttribute('aria-selected', 'true');
  }

  tab(name: string): Locator {
    return this.page.getByRole('tab', { name, exact: true });
  }

  /** Someone in the list of those who are here. */
  person(name: string): Locator {
    return this.page
      .getByRole('list', { name: 'People in this room' })
      .getByRole('listitem')
      .filter({ hasText: name });
  }

  /** Chooses from what one can do with someone, in the list of participants. */
  async chooseForPerson(name: string, item: string): Promise<void> {
    await this.openTab('Participants');
    const person = this.person(name);
    await person.getByRole('button', { name: `${name}: actions` }).click();
    await person.getByRole('button', { name: item, exact: true }).click();
  }

  /** What the room has to say for a moment. */
  notice(text: string): Locator {
    return this.page.getByRole('status').filter({ hasText: text });
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { name, exact: true });
  }

  get remoteVideos(): Locator {
    return this.page.getByTestId('remote-video');
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text);
    await this.button('Send').click();
  }

  async hears(text: string): Promise<void> {
    await expect(this.message(text)).toHaveCount(1);
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

  private async authenticate(way: 'signup' | 'login', body: object): Promise<Person> {
    const url = `${this.server.url}/api/auth/${way}`;
    // The refresh cookie of the answer stays in this browser.
    const response = await this.context.request.post(url, { data: body });
    if (!response.ok()) throw new Error(`${way}: ${response.status()}`);
    const { accessToken, user } = (await response.json()) as SignedIn;
    this.account = Person.signedIn(this.server, this.name, accessToken, user.userId);
    return this.account;
  }

  private async framesShown(): Promise<number[]> {
    return this.remoteVideos.evaluateAll((videos) =>
      videos.map((video) => {
        // Firefox tells it under a name of its own.
        const { mozPaintedFrames } = video as { mozPaintedFrames?: number };
        return (
          mozPaintedFrames ?? (video as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames
        );
      }),
    );
  }
}

/** Someone with an account, and a browser that is signed in to it. */
export interface Member {
  visitor: Visitor;
  account: Person;
}

interface Arrivals {
  /** A browser with nobody signed in. */
  arrive: (name: string) => Promise<Visitor>;
  /** A browser that is signed in to a new account. */
  arriveSignedIn: (name: string) => Promise<Member>;
}

/** Every test gets a server of its own, and its browsers close with it. */
export const test = base.extend<Arrivals>({
  arrive: async ({ browser, server }, use) => {
    const visitors: Visitor[] = [];
    await use(async (name) => {
      const visitor = await Visitor.arrive(browser, server, name);
      visitors.push(visitor);
      return visitor;
    });
    // Left open, they would call a server that is gone, and film on, till the last test.
    await Promise.all(visitors.map(async ({ context }) => context.close()));
  },
  arriveSignedIn: async ({ arrive }, use) => {
    await use(async (name) => {
      const visitor = await arrive(name);
      return { visitor, account: await visitor.getAccount() };
    });
  },
});

export { expect } from '@playwright/test';
