import type { Page } from '@playwright/test';
import { expect, test, type Visitor } from '../../browser.ts';
import {
  choose,
  decodes,
  dismiss,
  flows,
  gather,
  picturesSent,
  sends,
  traffic,
} from '../../calls.ts';

/** How many of a page's connections bring pictures at the moment. */
async function bringPictures(page: Page): Promise<number> {
  // A key frame on its way when the sender stopped is no picture that moves.
  return (await traffic(page)).filter(({ pictures }) => pictures > 2).length;
}

const tile = (visitor: Visitor, name: string) =>
  visitor.page
    .getByRole('list', { name: 'People in the call' })
    .getByRole('listitem')
    .filter({ hasText: name });

/** What a page tells the server from now on, by the event's name. */
function eventsOf(page: Page): string[] {
  const events: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const [, name] = /^42\/rooms,\d*\["([^"]+)"/.exec(String(payload)) ?? [];
      if (name !== undefined) events.push(name);
    });
  });
  return events;
}

interface Plug {
  unplug: (deviceId: string) => void;
}

/** Cameras of this page can be unplugged: the browser's own fakes cannot. */
async function makeUnpluggable(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
    if (!devices) return;
    const gone = new Set<string>();
    const ask = devices.getUserMedia.bind(devices);
    const list = devices.enumerateDevices.bind(devices);
    const open: MediaStreamTrack[] = [];
    // The second of Chromium's fakes measures depth, which nobody can encode.
    const isThere = ({ deviceId, label }: MediaDeviceInfo) =>
      !gone.has(deviceId) && label !== 'fake_device_1';
    devices.enumerateDevices = async () => (await list()).filter(isThere);
    devices.getUserMedia = async (wanted = {}) => {
      const constraints = { ...wanted };
      if (typeof constraints.video === 'object' && gone.size > 0) {
        const { exact } = (constraints.video.deviceId ?? {}) as { exact?: string };
        if (exact !== undefined && gone.has(exact)) {
          throw Object.assign(new Error('deviceId'), { name: 'OverconstrainedError' });
        }
        const left = (await devices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
        const [first] = left;
        if (!first) throw new DOMException('Requested device not found', 'NotFoundError');
        constraints.video = { ...constraints.video, deviceId: { exact: first.deviceId } };
      }
      const stream = await ask(constraints);
      open.push(...stream.getTracks());
      return stream;
    };
    Object.assign(globalThis, {
      unplug: (deviceId: string) => {
        gone.add(deviceId);
        for (const track of open) {
          if (track.readyState !== 'live' || track.getSettings().deviceId !== deviceId) continue;
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }
        devices.dispatchEvent(new Event('devicechange'));
      },
    });
  });
}

const labels = async (page: Page, slot: 'audio' | 'camera') =>
  (await sends(page, slot)).map(({ label }) => label);

test('what nobody looks at is not sent; devices change in the middle of a call', async ({
  browser,
  server,
}) => {
  test.setTimeout(180_000);
  let told: string[] = [];
  const visitors = await gather(browser, server, [
    { name: 'Ann' },
    {
      name: 'Bob',
      prepare: async (page) => {
        told = eventsOf(page);
        await makeUnpluggable(page);
      },
    },
    { name: 'Eve' },
  ]);
  try {
    const [ann, bob, eve] = visitors;
    if (!ann || !bob || !eve) throw new Error('nobody came');
    await decodes(ann.page, 2);

    await test.step('on another page', async () => {
      await ann.page.setViewportSize({ width: 390, height: 360 });
      await expect(tile(ann, 'Eve')).toHaveCount(0);
      await expect.poll(async () => bringPictures(ann.page)).toBe(1);
      // To Bob, who shows her.
      await expect.poll(async () => picturesSent(eve.page)).toEqual({ going: 1, resting: 1 });
      await ann.button('Next page').click();
      await expect(tile(ann, 'Eve')).toHaveCount(1);
      await expect(tile(ann, 'Bob')).toHaveCount(0);
      await ann.sees(1);
      await ann.page.setViewportSize({ width: 1440, height: 900 });
      await ann.sees(2);
      await expect.poll(async () => picturesSent(eve.page)).toEqual({ going: 2, resting: 0 });
    });

    await test.step('the voices went on meanwhile, and their tiles show it', async () => {
      await expect
        .poll(async () => (await traffic(ann.page)).every(({ received }) => received > 0))
        .toBe(true);
      await expect(tile(ann, 'Bob')).toHaveAttribute('data-speaking', 'true');
      await expect(tile(ann, 'Bob').locator('[data-quality]')).toHaveAttribute(
        'title',
        /direct: \d/,
      );
    });

    await test.step('a hand and a reaction are seen on the tile', async () => {
      await bob.button('Raise hand').click();
      await expect(tile(ann, 'Bob').getByText('Hand raised:')).toBeAttached();
      await bob.button('Reactions').click();
      await bob.button('React with 👍').click();
      await expect(tile(ann, 'Bob').getByText('Bob reacts: 👍')).toBeAttached();
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

    await test.step('a picture in a window of its own goes on while the page is hidden', async () => {
      const look = (is: string) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => is });
        document.dispatchEvent(new Event('visibilitychange'));
      };
      await tile(ann, 'Bob').hover();
      await ann.button('Bob: view').click();
      await ann.button('Picture in picture').click();
      await expect
        .poll(() => ann.page.evaluate(() => document.pictureInPictureElement !== null))
        .toBe(true);
      await ann.page.evaluate(look, 'hidden');
      await expect.poll(async () => picturesSent(eve.page)).toEqual({ going: 1, resting: 1 });
      expect(await picturesSent(bob.page)).toEqual({ going: 2, resting: 0 });
      await ann.page.evaluate(async () => document.exitPictureInPicture());
      await expect.poll(async () => picturesSent(bob.page)).toEqual({ going: 1, resting: 1 });
      await ann.page.evaluate(look, 'visible');
      await ann.sees(2);
    });

    await test.step('a shared screen takes the room', async () => {
      await bob.button('Share screen').click();
      await expect(ann.page.getByText('Bob shares the screen')).toBeVisible();
      await ann.sees(3);
      await bob.button('Stop sharing').click();
      await expect(ann.page.getByText('Bob shares the screen')).toHaveCount(0);
    });

    const devices = bob.page.getByRole('dialog', { name: 'Devices' });
    await test.step('another camera and microphone, and nothing is negotiated', async () => {
      const before = (await flows(ann.page)).map(({ id }) => id);
      told.length = 0;
      await bob.button('Choose devices').click();
      await devices.getByLabel('Camera', { exact: true }).selectOption('fake_device_2');
      await expect
        .poll(async () => labels(bob.page, 'camera'))
        .toEqual(Array(2).fill('fake_device_2'));
      const mic = 'Fake Audio Input 2';
      await devices.getByLabel('Microphone', { exact: true }).selectOption(mic);
      await expect.poll(async () => labels(bob.page, 'audio')).toEqual(Array(2).fill(mic));
      await decodes(ann.page, 2);
      await expect
        .poll(async () => (await traffic(ann.page)).every(({ energy }) => energy > 0))
        .toBe(true);
      // The others were never told that he turned anything off.
      expect(told.filter((event) => /^(signal|media):/.test(event))).toEqual([]);
      expect((await flows(ann.page)).map(({ id }) => id)).toEqual(before);
    });

    const suppressed = async () =>
      (await sends(bob.page, 'audio')).map(({ noiseSuppression }) => noiseSuppression);
    await test.step('noise is let through at once', async () => {
      expect(await suppressed()).toEqual([true, true]);
      await devices.getByLabel('Take noise out of my microphone').uncheck();
      await expect.poll(suppressed).toEqual([false, false]);
      await devices.getByRole('button', { name: 'Close' }).click();
    });

    await test.step('what was chosen is chosen the next time', async () => {
      const chosen = (label: string) =>
        bob.page.getByLabel(label, { exact: true }).locator('option:checked');
      await bob.page.reload();
      await expect(chosen('Camera')).toHaveText('fake_device_2');
      await expect(chosen('Microphone')).toHaveText('Fake Audio Input 2');
      await expect(
        bob.page.getByTestId('level-meter').locator('[data-lit]').first(),
      ).toBeAttached();
      await bob.button('Turn microphone off').click();
      await bob.enter();
      // A goodbye that a reload cut off is noticed when the connection has been silent for a while.
      await expect(tile(ann, 'Bob')).toHaveCount(1, { timeout: 20_000 });
      await decodes(ann.page, 2);
      await expect(tile(ann, 'Bob').getByText('Microphone off:')).toBeAttached();
      await bob.button('Turn microphone on').click();
      await expect(tile(ann, 'Bob').getByText('Microphone off:')).toHaveCount(0);
      await expect.poll(suppressed).toEqual([false, false]);
    });

    await test.step('an unplugged camera is replaced by another, until there is none', async () => {
      const unplug = async () =>
        bob.page.evaluate(() => {
          const video = document.querySelector<HTMLVideoElement>('[data-testid="local-video"]');
          const [track] = (video?.srcObject as MediaStream | null)?.getTracks() ?? [];
          const { unplug: pull } = globalThis as unknown as Plug;
          pull(track?.getSettings().deviceId ?? '');
        });
      await unplug();
      const replaced = 'Your camera went away. Now in use: fake_device_0';
      await expect(bob.page.getByRole('status').filter({ hasText: replaced })).toBeVisible();
      await decodes(ann.page, 2);
      await unplug();
      const lost = 'The camera went away. Plug it in again, or choose another.';
      await expect(bob.page.getByRole('status').filter({ hasText: lost })).toBeVisible();
      await expect(tile(ann, 'Bob')).toHaveAttribute('data-picture', 'false');
      await decodes(ann.page, 1);
    });
  } finally {
    await dismiss(visitors);
  }
});

/** A microphone into which someone sings without end. */
async function sing(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
    if (!devices) return;
    devices.getUserMedia = async () => {
      const audio = new AudioContext();
      const tone = audio.createOscillator();
      const microphone = audio.createMediaStreamDestination();
      tone.connect(microphone);
      tone.start();
      return Promise.resolve(microphone.stream);
    };
  });
}

test('keys work in a call, never while one writes, and Space lets one speak', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  await choose(ann.context, { camera: false });
  await sing(ann.page);
  const { code } = await account.createRoom('Algebra');
  await ann.come(`${server.url}/r/${code}`);
  const { keyboard } = ann.page;
  const off = ann.button('Turn microphone off');
  const on = ann.button('Turn microphone on');
  await expect(off).toBeVisible();

  const unheard = ann.notice('You are muted: nobody hears you.');
  await keyboard.press('m');
  await expect(on).toBeVisible();
  await expect(unheard).toBeVisible();
  await keyboard.down(' ');
  await expect(off).toBeVisible();
  await expect(unheard).toHaveCount(0);
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
