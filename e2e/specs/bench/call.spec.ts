import type { Browser } from '@playwright/test';
import { test, Visitor } from '../../browser.ts';
import { choose, decodes, dismiss, firstPicture, gather, keepCalls } from '../../calls.ts';
import { Coturn } from '../../coturn.ts';
import { quantilesOf } from '../../load/quantiles.ts';
import { binary, Server } from '../../server.ts';

const joins = Number(process.env['JOINS'] ?? '20');

test.beforeAll(() => console.log(binary));

for (const [way, relayOnly] of [
  ['directly', false],
  ['by a relay over UDP only', true],
] as const) {
  test(`${joins} times someone joins a room where one person is, ${way}`, async ({ browser }) => {
    test.setTimeout(30_000 + joins * 20_000);
    const coturn = await Coturn.start();
    const server = await Server.start(coturn.environment('udp'));
    try {
      report(way, await measure(browser, server, { relayOnly }));
    } finally {
      await server.dispose();
      await coturn.dispose();
    }
  });
}

/** Milliseconds from the click to the first picture, of each join. */
async function measure(browser: Browser, server: Server, choices: object): Promise<number[]> {
  const [host] = await gather(browser, server, [{ name: 'Ann', choices }]);
  if (!host) throw new Error('nobody came');
  const times: number[] = [];
  for (let n = 0; n < joins; n++) {
    const guest = await Visitor.arrive(browser, server, 'Bob');
    await keepCalls(guest.context);
    await choose(guest.context, choices);
    await guest.getAccount();
    await guest.page.goto(host.page.url());
    times.push(await firstPicture(guest));
    await decodes(guest.page, 1);
    await guest.button('Leave').click();
    await dismiss([guest]);
  }
  await dismiss([host]);
  return times;
}

function report(way: string, times: number[]): void {
  const [median = NaN, p95 = NaN] = quantilesOf(times, [0.5, 0.95]);
  const ms = (value: number) => `${Math.round(value)} ms`;
  console.log(
    `${way}: from joining to the first picture, median ${ms(median)}, p95 ${ms(p95)}, ` +
      `from ${ms(Math.min(...times))} to ${ms(Math.max(...times))}`,
  );
}
