import type { Browser } from '@playwright/test';
import { expect, test, type Visitor } from '../../browser.ts';
import { decodes, dismiss, flows, gather } from '../../calls.ts';
import { Coturn } from '../../coturn.ts';
import { Line } from '../../line.ts';
import { Server } from '../../server.ts';

/** How soon after the network is back media must be. */
const BACK_WITHIN_MS = 10_000;
const AWAY_MS = 10_000;

/** Two who connect by the relay alone, and what stands between them. */
interface Scene {
  coturn: Coturn;
  server: Server;
  /** Bob's way to the server and to the relay. */
  line: Line;
  ann: Visitor;
  bob: Visitor;
}

async function withScene(browser: Browser, work: (scene: Scene) => Promise<void>): Promise<void> {
  const coturn = await Coturn.start();
  const line = await Line.lay(coturn.port);
  const server = await Server.start({
    TURN_URLS: coturn.url('udp', line.udpPort),
    TURN_SECRET: coturn.secret,
  });
  line.leadTo(server.url);
  const choices = { relayOnly: true };
  try {
    const visitors = await gather(browser, server, [
      { name: 'Ann', choices },
      { name: 'Bob', choices, site: line },
    ]);
    const [ann, bob] = visitors;
    if (!ann || !bob) throw new Error('nobody came');
    await work({ coturn, server, line, ann, bob });
    await dismiss(visitors);
  } finally {
    await server.dispose();
    line.dispose();
    await coturn.dispose();
  }
}

/** Fails unless both see each other again in time. */
async function backSoon(what: string, visitors: readonly Visitor[]): Promise<void> {
  const took = await Promise.all(
    visitors.map(async ({ page }) => decodes(page, 1, BACK_WITHIN_MS)),
  );
  console.log(`${what}: media was back after ${(Math.max(...took) / 1_000).toFixed(1)} s`);
}

const reconnects = ({ page }: Visitor) =>
  page.getByRole('status').filter({ hasText: 'Reconnecting' }).first();

/** Until no connection of either is taken for one that works. */
async function lose(visitors: readonly Visitor[]): Promise<void> {
  for (const { page } of visitors) {
    await expect
      .poll(async () => (await flows(page)).map(({ state }) => state))
      .not.toContain('connected');
  }
}

test('media comes back by itself, whatever was away (SPEC 9.2)', async ({ browser }) => {
  test.setTimeout(180_000);
  await withScene(browser, async ({ coturn, server, line, ann, bob }) => {
    const visitors = [ann, bob];
    const everyoneDecodes = async () =>
      Promise.all(visitors.map(async ({ page }) => decodes(page, 1)));
    await everyoneDecodes();

    await test.step('the server is restarted: media goes on all the time', async () => {
      const before = await flows(ann.page);
      await server.kill();
      for (const visitor of visitors) await expect(reconnects(visitor)).toBeVisible();
      await everyoneDecodes();
      await server.run();
      for (const visitor of visitors) await expect(reconnects(visitor)).toBeHidden();
      await backSoon('server restarted', visitors);
      expect((await flows(ann.page)).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    });

    await test.step('coturn is restarted', async () => {
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

    await test.step('both are, and the connection was lost meanwhile', async () => {
      await server.kill();
      await coturn.kill();
      await lose(visitors);
      await coturn.run();
      await server.run();
      await backSoon('server and coturn restarted', visitors);
    });

    await test.step('one side was offline for ten seconds', async () => {
      line.cut();
      await expect(reconnects(bob)).toBeVisible();
      // That long is what is tested.
      await bob.page.waitForTimeout(AWAY_MS);
      await lose(visitors);
      line.mend();
      await backSoon('one side offline for 10 s', visitors);
    });
  });
});
