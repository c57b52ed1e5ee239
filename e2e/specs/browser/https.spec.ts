import { chromium } from '@playwright/test';
import { expect, test, Visitor } from '../../browser.ts';
import { choose, decodes, dismiss, flows, keepCalls } from '../../calls.ts';
import { withHttps } from '../../https.ts';

test(
  'two people meet over HTTPS at the relay within the program',
  { tag: '@chromium' },
  async ({}, info) => {
    const { launchOptions } = info.project.use;
    // Those who pass the browser's question about a certificate that nobody vouches for.
    const args = [...(launchOptions?.args ?? []), '--ignore-certificate-errors'];
    const browser = await chromium.launch({ ...launchOptions, args });
    try {
      await withHttps({}, async (url) => {
        const visitors: Visitor[] = [];
        for (const name of ['Ann', 'Bob']) {
          const visitor = await Visitor.arrive(browser, { url }, name);
          await keepCalls(visitor.context);
          await choose(visitor.context, { relayOnly: true });
          visitors.push(visitor);
        }
        const [ann, bob] = visitors as [Visitor, Visitor];
        await bob.follow(await ann.openRoom('Algebra'));
        for (const { page } of visitors) {
          await decodes(page, 1);
          expect(await flows(page)).toMatchObject([
            { local: 'relay', remote: 'relay', relayProtocol: 'udp' },
          ]);
        }
        const [cookie] = await ann.context.cookies(`${url}/api/auth/refresh`);
        expect(cookie).toMatchObject({ name: 'studyrooms_refresh', secure: true });
        await dismiss(visitors);
      });
    } finally {
      await browser.close();
    }
  },
);
