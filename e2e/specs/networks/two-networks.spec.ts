import { chromium, type Browser } from '@playwright/test';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, Visitor } from '../../browser.ts';
import { decodes, flows, keepCalls } from '../../calls.ts';
import { Coturn } from '../../coturn.ts';
import { Server } from '../../server.ts';

/** Made by scripts/check-networks: the middle, where this runs, and the names of the two networks. */
const middle = process.env['NETWORK_MIDDLE'] ?? '';
const networks = (process.env['NETWORKS'] ?? '').split(' ');

test('a call between networks that reach each other by the relay alone', async ({}, info) => {
  test.skip(middle === '', 'run by scripts/check-networks');
  const folder = await mkdtemp(path.join(tmpdir(), 'studyrooms-networks-'));
  const coturn = await Coturn.start(middle);
  const server = await Server.start(coturn.environment('udp', 'tcp'), middle);
  const browsers: Browser[] = [];
  const visitors: Visitor[] = [];
  const { launchOptions } = info.project.use;
  try {
    let link = '';
    for (const [n, network] of networks.entries()) {
      const executable = path.join(folder, network);
      const chrome = launchOptions?.executablePath ?? 'chromium';
      await writeFile(executable, `#!/bin/sh\nexec ip netns exec ${network} ${chrome} "$@"\n`);
      await chmod(executable, 0o755);
      const browser = await chromium.launch({
        ...launchOptions,
        executablePath: executable,
        args: [
          ...(launchOptions?.args ?? []),
          `--unsafely-treat-insecure-origin-as-secure=${server.url}`,
        ],
      });
      browsers.push(browser);
      const visitor = await Visitor.arrive(browser, server, n === 0 ? 'Ann' : 'Bob');
      await keepCalls(visitor.context);
      visitors.push(visitor);
      const account = await visitor.getAccount();
      if (link === '') link = `${server.url}/r/${(await account.createRoom('Algebra')).code}`;
      await visitor.page.goto(link);
      await visitor.enter();
    }
    await Promise.all(visitors.map(async ({ page }) => decodes(page, 1)));
    for (const { page } of visitors) {
      const [flow] = await flows(page);
      expect([flow?.local, flow?.remote]).toContain('relay');
    }
  } finally {
    for (const browser of browsers) await browser.close();
    await server.dispose();
    await coturn.dispose();
    await rm(folder, { recursive: true, force: true });
  }
});
