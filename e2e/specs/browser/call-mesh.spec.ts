import { expect, test, type Visitor } from '../../browser.ts';
import { decodes, dismiss, flows, gather, sends, traffic } from '../../calls.ts';
import { ask, disconnectAll, type Person } from '../../people.ts';

function person({ account }: Visitor): Person {
  if (!account) throw new Error('not signed in');
  return account;
}

/** The room that a page is in. */
async function roomOf(visitor: Visitor): Promise<string> {
  const code = visitor.page.url().split('/').at(-1) ?? '';
  const { body } = await person(visitor).call<{ roomId: string }>('GET', `/api/rooms/${code}`);
  return body.roomId;
}

/** The most that the camera sends to each of so many others. */
const MOST: Record<number, { bitrate: number; scale: number; framerate: number }> = {
  1: { bitrate: 1_500_000, scale: 1, framerate: 30 },
  2: { bitrate: 800_000, scale: 1.5, framerate: 30 },
  3: { bitrate: 450_000, scale: 2, framerate: 24 },
};

/** Whether a page sends over each of so many connections no more than that. */
async function sendsWithin({ page }: Visitor, others: number): Promise<boolean> {
  const sent = await sends(page, 'camera');
  const most = MOST[others];
  if (!most || sent.length !== others) return false;
  return sent.every(
    (it) =>
      it.active &&
      it.maxBitrate <= most.bitrate &&
      it.scaleResolutionDownBy >= most.scale &&
      it.maxFramerate <= most.framerate,
  );
}

test('two, three and four people: everyone decodes everyone, and sends what so many bear', async ({
  browser,
  server,
}) => {
  test.setTimeout(180_000);
  const times: number[] = [];
  const names = ['Ann', 'Bob', 'Cid', 'Dora'];
  const guests = names.map((name) => ({ name }));
  const visitors = await gather(browser, server, guests, async (ms, newcomer) => {
    times.push(ms);
    await expect.poll(async () => sendsWithin(newcomer, times.length)).toBe(true);
  });
  try {
    await Promise.all(visitors.map(async ({ page }) => decodes(page, 3)));
    await Promise.all(visitors.map(async (visitor) => visitor.sees(3)));
    console.log(`from joining to the first picture: ${times.map(Math.round).join(', ')} ms`);

    await test.step('what goes out is as agreed', async () => {
      for (const visitor of visitors) {
        await expect.poll(async () => sendsWithin(visitor, 3)).toBe(true);
        // Half of the 720 lines that the camera has.
        await expect
          .poll(async () =>
            Math.max(...(await sends(visitor.page, 'camera')).map((it) => it.height)),
          )
          .toBeLessThanOrEqual(360);
        for (const { codec } of await sends(visitor.page, 'camera'))
          expect(codec).toBe('video/VP8');
        for (const { codec, codecSettings } of await sends(visitor.page, 'audio')) {
          expect(codec).toBe('audio/opus');
          expect(codecSettings.split(';')).toEqual(
            expect.arrayContaining(['useinbandfec=1', 'usedtx=1']),
          );
        }
      }
    });

    await test.step('who leaves is gone, and the others go on', async () => {
      const [last] = visitors.slice(-1);
      await last?.button('Leave').click();
      await Promise.all(visitors.slice(0, 3).map(async ({ page }) => decodes(page, 2)));
    });
  } finally {
    await dismiss(visitors);
  }
});

test('what a moderator mutes is not heard by anyone, even if its sender does not care (SPEC 9.3)', async ({
  browser,
  server,
}) => {
  test.setTimeout(180_000);
  const visitors = await gather(browser, server, [
    { name: 'Ann', choices: { camera: false } },
    {
      name: 'Bob',
      // A client that goes on sending whatever it is told.
      prepare: async (page) => {
        await page.addInitScript(() => {
          const enabled = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'enabled');
          Object.defineProperty(MediaStreamTrack.prototype, 'enabled', {
            get: () => true,
            set(this: MediaStreamTrack) {
              enabled?.set?.call(this, true);
            },
          });
        });
      },
    },
    { name: 'Eve' },
  ]);
  try {
    const [ann, bob, eve] = visitors;
    if (!ann || !bob || !eve) throw new Error('nobody came');
    await Promise.all([decodes(ann.page, 2), decodes(bob.page, 1), decodes(eve.page, 1)]);
    const silent = async ({ page }: Visitor, ...whats: ('received' | 'sent' | 'energy')[]) => {
      const within = await traffic(page);
      return whats.map((what) => within.filter((sound) => sound[what] <= 0).length);
    };
    /** Over how many connections nothing comes to Ann and to Eve, and nothing goes out from Bob. */
    const silences = async () =>
      Promise.all([
        silent(ann, 'received', 'energy'),
        silent(eve, 'received', 'energy'),
        silent(bob, 'sent'),
      ]);
    await expect.poll(silences).toEqual([[0, 0], [0, 0], [0]]);

    await test.step('one is muted', async () => {
      await ann.chooseForPerson('Bob', 'Mute microphone');
      await expect.poll(silences).toEqual([[1, 1], [1, 1], [2]]);
    });

    await test.step('two are, and each refuses the other at the same moment', async () => {
      await bob.button('Turn microphone on').click();
      await expect.poll(silences).toEqual([[0, 0], [0, 0], [0]]);
      // From a client without a call, so that both are told within a moment.
      const roomId = await roomOf(ann);
      const { socket, state } = await person(ann).join(roomId);
      await Promise.all(
        state.participants
          .filter(({ name }) => name !== 'Ann')
          .map(async ({ socketId }) =>
            ask(socket, 'control:mute', { targetSocketId: socketId, kind: 'audio' }),
          ),
      );
      disconnectAll();
      await expect.poll(silences).toEqual([[2, 2], [1, 1], [2]]);
      await Promise.all([decodes(bob.page, 1), decodes(eve.page, 1)]);
    });

    await test.step('who may speak again is heard again', async () => {
      await bob.button('Turn microphone on').click();
      await expect.poll(silences).toEqual([[1, 1], [0, 0], [0]]);
      expect((await flows(ann.page)).every(({ state }) => state === 'connected')).toBe(true);
    });
  } finally {
    await dismiss(visitors);
  }
});
