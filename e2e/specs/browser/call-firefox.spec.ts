import { type Browser, firefox } from '@playwright/test';
import { expect, test, type Visitor } from '../../browser.ts';
import { decodes, dismiss, flows, gather, type Guest, sends, traffic } from '../../calls.ts';
import { Coturn } from '../../coturn.ts';
import { firefoxLaunch } from '../../firefox.ts';
import { Line } from '../../line.ts';
import { Server } from '../../server.ts';

let gecko: Browser;
test.beforeAll(async () => {
  gecko = await firefox.launch(firefoxLaunch);
});
test.afterAll(async () => gecko.close());

/** Each decodes the picture and the sound of the other, and sends both. */
async function hearAndSeeEachOther(visitors: readonly Visitor[]): Promise<void> {
  await Promise.all(visitors.map(async ({ page }) => decodes(page, 1)));
  for (const { name, page } of visitors) {
    await expect
      .poll(
        async () =>
          (await traffic(page)).map(({ received, sent, energy, pictures }) => ({
            hears: received > 0 && energy > 0,
            speaks: sent > 0,
            sees: pictures > 0,
          })),
        name,
      )
      .toEqual([{ hears: true, speaks: true, sees: true }]);
  }
  await Promise.all(visitors.map(async (visitor) => visitor.sees(1)));
}

/** Whose browser makes the first offer is who was there first. */
const inBothOrders: [string, (choices?: object) => Guest[]][] = [
  [
    'Chromium first',
    (choices = {}) => [
      { name: 'Ann', choices },
      { name: 'Fay', browser: gecko, choices },
    ],
  ],
  [
    'Firefox first',
    (choices = {}) => [
      { name: 'Fay', browser: gecko, choices },
      { name: 'Ann', choices },
    ],
  ],
];

for (const [order, guests] of inBothOrders) {
  test(`Chromium and Firefox see and hear each other directly, ${order}`, async ({
    browser,
    server,
  }) => {
    const visitors = await gather(browser, server, guests());
    try {
      await hearAndSeeEachOther(visitors);
      for (const { page } of visitors) {
        for (const { local, remote } of await flows(page)) {
          expect(local).not.toBe('relay');
          expect(remote).not.toBe('relay');
        }
      }
    } finally {
      await dismiss(visitors);
    }
  });

  test(`Chromium and Firefox see and hear each other by the relay alone, ${order}`, async ({
    browser,
  }) => {
    const coturn = await Coturn.start();
    const server = await Server.start(coturn.environment('udp'));
    const visitors: Visitor[] = [];
    try {
      visitors.push(...(await gather(browser, server, guests({ relayOnly: true }))));
      await hearAndSeeEachOther(visitors);
      for (const { page } of visitors) {
        const [flow] = await flows(page);
        expect(flow?.local).toBe('relay');
        // A relay of the other that was heard from before it was told of is `prflx`.
        expect(['relay', 'prflx']).toContain(flow?.remote);
      }
    } finally {
      await dismiss(visitors);
      await server.dispose();
      await coturn.dispose();
    }
  });
}

test('Firefox sends less over a line that loses packets', async ({ browser }) => {
  const coturn = await Coturn.start();
  const line = await Line.lay(coturn.port);
  const server = await Server.start({
    TURN_URLS: coturn.url('udp', line.udpPort),
    TURN_SECRET: coturn.secret,
  });
  const visitors: Visitor[] = [];
  try {
    const choices = { relayOnly: true };
    visitors.push(
      ...(await gather(browser, server, [
        { name: 'Ann', choices },
        { name: 'Fay', browser: gecko, choices },
      ])),
    );
    await hearAndSeeEachOther(visitors);
    const fay = visitors[1]?.page;
    if (!fay) throw new Error('nobody came');
    const sent = async () => {
      const [camera] = await sends(fay, 'camera');
      return camera ?? { maxBitrate: Infinity, maxFramerate: Infinity };
    };
    await expect.poll(async () => (await sent()).maxBitrate).toBeLessThanOrEqual(1_500_000);
    const plenty = await sent();
    line.loseEvery(5);
    await expect
      .poll(async () => (await sent()).maxBitrate, { timeout: 40_000 })
      .toBeLessThan(plenty.maxBitrate / 1.5);
    expect((await sent()).maxFramerate).toBeLessThan(plenty.maxFramerate);
    await decodes(fay, 1);
  } finally {
    await dismiss(visitors);
    await server.dispose();
    line.dispose();
    await coturn.dispose();
  }
});

test('an address that Firefox refuses is named and left out, and the call goes by the other', async ({
  browser,
}) => {
  const coturn = await Coturn.start();
  // The port of POP3: Firefox takes none of the addresses beside it.
  const refused = coturn.url('udp', 110);
  const server = await Server.start({
    TURN_URLS: [refused, coturn.url('udp')].join(),
    TURN_SECRET: coturn.secret,
  });
  const visitors: Visitor[] = [];
  try {
    const choices = { relayOnly: true };
    visitors.push(
      ...(await gather(browser, server, [
        { name: 'Ann', choices },
        { name: 'Fay', browser: gecko, choices },
      ])),
    );
    const [, fay] = visitors;
    if (!fay) throw new Error('nobody came');
    await expect(fay.notice(refused)).toBeVisible();
    await hearAndSeeEachOther(visitors);
  } finally {
    await dismiss(visitors);
    await server.dispose();
    await coturn.dispose();
  }
});
