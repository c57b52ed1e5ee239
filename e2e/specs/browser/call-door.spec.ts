import { chromium } from '@playwright/test';
import { networkInterfaces } from 'node:os';
import { expect, test, Visitor } from '../../browser.ts';
import type { Site } from '../../people.ts';
import { Server } from '../../server.ts';

/** This machine's address in a network: for browsers it is anyone's. */
const outer = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

test('what keeps one from being seen is said in words, and one comes in all the same (SPEC 9.4)', async ({}, info) => {
  const { launchOptions } = info.project.use;
  const args = launchOptions?.args ?? [];
  const server = await Server.start({}, '0.0.0.0');
  const { port } = new URL(server.url);
  const here = { url: `http://localhost:${port}` };
  const permissions = ['camera', 'microphone'];

  /** Through the door, where the reason stands, into a room where it stands as well. */
  async function comes(
    site: Site,
    reason: string,
    it: { without: RegExp; args?: string[]; permissions: string[] },
  ): Promise<void> {
    const kept = args.filter((arg) => !it.without.test(arg));
    const browser = await chromium.launch({
      ...launchOptions,
      args: [...kept, ...(it.args ?? [])],
    });
    try {
      const visitor = await Visitor.arrive(browser, site, 'Ann');
      await visitor.context.clearPermissions();
      if (it.permissions.length > 0) await visitor.context.grantPermissions(it.permissions);
      const account = await visitor.getAccount();
      const { code } = await account.createRoom('Algebra');
      await visitor.page.goto(`${site.url}/r/${code}`);
      await expect(visitor.page.getByText(reason)).toBeVisible();
      await visitor.enter();
      await visitor.button('Turn camera on').click();
      await expect(visitor.notice(reason.slice(0, 30))).toBeVisible();
      await visitor.say('I can write');
      await visitor.hears('I can write');
    } finally {
      await browser.close();
    }
  }

  try {
    await test.step('there is neither microphone nor camera', async () => {
      const reason = 'No microphone and no camera were found.';
      await comes(here, reason, { without: /^--use-fake-/, permissions });
    });
    await test.step('the browser blocks them', async () => {
      const reason = 'Your browser blocks the microphone and camera for this page';
      const denying = ['--deny-permission-prompts'];
      await comes(here, reason, { without: /^--use-fake-ui/, args: denying, permissions: [] });
    });
    await test.step('the page came over plain HTTP', async () => {
      if (outer === undefined) {
        console.log('not tried: this machine is in no network');
        return;
      }
      const site = { url: `http://${outer}:${port}` };
      const reason = 'Browsers only lend microphone and camera to pages opened over https';
      await comes(site, reason, { without: /^$/, permissions: [] });
    });
  } finally {
    await server.dispose();
  }
});
