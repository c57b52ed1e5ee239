import { expect, test, Visitor } from '../../browser.ts';
import { choose, decodes, flows, keepCalls } from '../../calls.ts';
import { Coturn } from '../../coturn.ts';
import { Line } from '../../line.ts';
import { Server } from '../../server.ts';

/** How soon after the network is back media must be. */
const BACK_WITHIN_MS = 10_000;

const test2 = test.extend<{ coturn: Coturn; relayed: Server }>({
  coturn: async ({}, use) => {
    const coturn = await Coturn.start();
    await use(coturn);
    await coturn.dispose();
  },
  relayed: async ({ coturn }, use) => {
    const server = await Server.start(coturn.environment('udp'));
    await use(server);
    await server.dispose();
  },
});

const pages = (...visitors: Visitor[]) => visitors.map(({ page }) => page);

/** Fails unless everyone sees the other again in time. Tells how long it took, for the log. */
async function backSoon(what: string, visitors: Visitor[]): Promise<void> {
  const begun = Date.now();
  await Promise.all(pages(...visitors).map(async (page) => decodes(page, 1, BACK_WITHIN_MS)));
  console.log(`${what}: media was back after ${((Date.now() - begun) / 1_000).toFixed(1)} s`);
}

test2('media comes back when coturn was restarted', async ({ browser, coturn, relayed }) => {
  const [ann, bob] = await meetRelayed(browser, relayed);
  await coturn.kill();
  await expect(ann.page.getByText('Reconnecting…')).toBeVisible();
  await coturn.run();
  await backSoon('coturn restarted', [ann, bob]);
  expect(await flows(ann.page)).toMatchObject([{ local: 'relay', remote: 'relay' }]);
  await leave(ann, bob);
});
