import { expect } from '@playwright/test';
import type { Visitor } from '../../browser.ts';
import { decodes, dismiss, flows, gather, type Guest } from '../../calls.ts';
import { Coturn } from '../../coturn.ts';
import { Line } from '../../line.ts';
import { Server, test as base } from '../../server.ts';

/** How soon after the network is back media must be. */
const BACK_WITHIN_MS = 10_000;
const AWAY_MS = 10_000;

interface Parts {
  coturn: Coturn;
  /** Bob's way to the server and to the relay. */
  line: Line;
  server: Server;
  /** Ann on the machine itself, Bob by the relay alone. */
  meet: (ann?: Partial<Guest>) => Promise<readonly [Visitor, Visitor]>;
}

const test = base.extend<Parts>({
  coturn: async ({}, use) => {
    const coturn = await Coturn.start();
    await use(coturn);
    await coturn.dispose();
  },
  line: async ({ coturn }, use) => {
    const line = await Line.lay(coturn.port);
    await use(line);
    line.dispose();
  },
  server: async ({ coturn, line }, use) => {
    const server = await Server.start({
      TURN_URLS: coturn.url('udp', line.udpPort),
      TURN_SECRET: coturn.secret,
    });
    line.leadTo(server.url);
    await use(server);
    await server.dispose();
  },
  meet: async ({ browser, server, line }, use) => {
    const all: Visitor[] = [];
    await use(async (more = {}) => {
      const [ann, bob] = await gather(browser, server, [
        { name: 'Ann', ...more },
        { name: 'Bob', site: line, choices: { relayOnly: true } },
      ]);
      if (!ann || !bob) throw new Error('nobody came');
      all.push(ann, bob);
      await Promise.all([decodes(ann.page, 1), decodes(bob.page, 1)]);
      return [ann, bob];
    });
    await dismiss(all);
  },
});

/** Fails unless both see each other again in time. */
async function backSoon(what: string, visitors: readonly Visitor[]): Promise<void> {
  const took = await Promise.all(
    visitors.map(async ({ page }) => decodes(page, 1, BACK_WITHIN_MS)),
  );
  console.log(`${what}: media was back after ${(Math.max(...took) / 1_000).toFixed(1)} s`);
}

test('media comes back when coturn was restarted', async ({ coturn, meet }) => {
  const visitors = await meet({ choices: { relayOnly: true } });
  await coturn.kill();
  for (const { page } of visitors) {
    await expect(page.getByText('Reconnecting…').first()).toBeVisible();
  }
  await coturn.run();
  await backSoon('coturn restarted', visitors);
  for (const { page } of visitors) {
    expect(await flows(page)).toMatchObject([{ local: 'relay', remote: 'relay' }]);
  }
});

test('media comes back when one side was offline for ten seconds', async ({ line, meet }) => {
  const visitors = await meet();
  const [ann, bob] = visitors;
  line.cut();
  await expect(
    bob.page.getByRole('status').filter({ hasText: 'Reconnecting' }).first(),
  ).toBeVisible();
  // That long is what is tested.
  await bob.page.waitForTimeout(AWAY_MS);
  const frozen = await flows(ann.page);
  expect(frozen.filter(({ state }) => state === 'connected')).toEqual([]);
  line.mend();
  await backSoon('one side offline for 10 s', visitors);
});

test('media goes on while the server is restarted, and after', async ({ server, meet }) => {
  const visitors = await meet();
  const before = await flows(visitors[0].page);
  await server.kill();
  for (const { page } of visitors) {
    await expect(page.getByRole('status').filter({ hasText: 'Reconnecting' })).toBeVisible();
  }
  await Promise.all(visitors.map(async ({ page }) => decodes(page, 1)));
  await server.run();
  for (const { page } of visitors) {
    await expect(page.getByRole('status').filter({ hasText: 'Reconnecting' })).toBeHidden();
  }
  await backSoon('server restarted', visitors);
  const after = await flows(visitors[0].page);
  // The same connection all the time.
  expect(after[0]?.framesDecoded).toBeGreaterThan(before[0]?.framesDecoded ?? 0);
});

test('a connection lost while the server was away is mended when it is back', async ({
  coturn,
  server,
  meet,
}) => {
  const visitors = await meet({ choices: { relayOnly: true } });
  await server.kill();
  await coturn.kill();
  for (const { page } of visitors) {
    await expect
      .poll(async () => (await flows(page)).map(({ state }) => state))
      .not.toContain('connected');
  }
  await coturn.run();
  await server.run();
  await backSoon('server and coturn restarted', visitors);
});
