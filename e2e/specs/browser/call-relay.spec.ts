import { type Browser, chromium, type Page } from '@playwright/test';
import { createHmac } from 'node:crypto';
import { expect, test, Visitor } from '../../browser.ts';
import { choose, decodes, flows, keepCalls } from '../../calls.ts';
import { Coturn, type Transport } from '../../coturn.ts';
import { Server } from '../../server.ts';

let coturn: Coturn;
let trusting: Browser;

test.beforeAll(async ({}, info) => {
  coturn = await Coturn.start();
  const { launchOptions } = info.project.use;
  const trust = `--ignore-certificate-errors-spki-list=${await coturn.certificateHash()}`;
  trusting = await chromium.launch({
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), trust],
  });
});
test.afterAll(async () => {
  await trusting.close();
  await coturn.dispose();
});

/** Ann's room, and two browsers before its door, which connect by relay only. */
async function before(server: Server, prepare: (page: Page) => Promise<void> = async () => {}) {
  const come = async (name: string) => {
    const visitor = await Visitor.arrive(trusting, server, name);
    await keepCalls(visitor.context);
    await choose(visitor.context, { relayOnly: true });
    await prepare(visitor.page);
    return { visitor, account: await visitor.getAccount() };
  };
  const [ann, bob] = [await come('Ann'), await come('Bob')];
  const { code } = await ann.account.createRoom('Algebra');
  const visitors = [ann.visitor, bob.visitor] as const;
  for (const { page } of visitors) await page.goto(`${server.url}/r/${code}`);
  for (const visitor of visitors) await visitor.enter();
  return visitors;
}

async function withServer(
  environment: Record<string, string>,
  work: (server: Server) => Promise<void>,
): Promise<void> {
  const server = await Server.start(environment);
  try {
    await work(server);
  } finally {
    for (const context of trusting.contexts()) await context.close();
    await server.dispose();
  }
}

for (const transport of ['udp', 'tcp', 'tls'] satisfies Transport[]) {
  test(`two people meet at the relay alone, over ${transport}`, async () => {
    await withServer(coturn.environment(transport), async (server) => {
      for (const { page } of await before(server)) {
        await decodes(page, 1);
        expect(await flows(page)).toMatchObject([
          { local: 'relay', remote: 'relay', relayProtocol: transport },
        ]);
      }
    });
  });
}

test('two people meet at the relay within the program, where no other is named', async () => {
  await withServer({}, async (server) => {
    for (const { page } of await before(server)) {
      await decodes(page, 1);
      expect(await flows(page)).toMatchObject([
        { local: 'relay', remote: 'relay', relayProtocol: 'udp' },
      ]);
    }
  });
});

test('the connection test says what works, and what it means', async () => {
  await withServer(coturn.environment('udp', 'tcp', 'tls'), async (server) => {
    const visitor = await Visitor.arrive(trusting, server, 'Ann');
    const account = await visitor.getAccount();
    const { code } = await account.createRoom('Algebra');
    await visitor.page.goto(`${server.url}/r/${code}`);
    await visitor.button('Test the connection').click();
    const dialog = visitor.page.getByRole('dialog', { name: 'Connection test' });
    await expect(dialog.getByText('All is well')).toBeVisible();
    for (const name of ['Relay over UDP', 'Relay over TCP', 'Relay over TLS']) {
      await expect(dialog.getByRole('listitem').filter({ hasText: name })).toContainText('Works');
    }

    await coturn.kill();
    await dialog.getByRole('button', { name: 'Test again' }).click();
    await expect(dialog.getByText('No relay answers')).toBeVisible({ timeout: 20_000 });
    await coturn.run();
  });
});

test('a relay that does not take the server’s credentials is named as the reason', async () => {
  const { TURN_URLS = '' } = coturn.environment('udp');
  await withServer({ TURN_URLS, TURN_SECRET: 'another secret' }, async (server) => {
    for (const { page } of await before(server)) {
      const reason = page.getByRole('status').filter({ hasText: 'The relay refuses' });
      await expect(reason).toBeVisible();
    }
  });
});

test('expired credentials are replaced by the page itself', async () => {
  const stale = `${Math.floor(Date.now() / 1_000) - 60}:ann`;
  const credential = createHmac('sha1', coturn.secret).update(stale).digest('base64');
  await withServer(coturn.environment('udp'), async (server) => {
    let renewals = 0;
    const visitors = await before(server, async (page) => {
      await tamper(page, stale, credential);
      page.on('request', (request) => {
        if (request.url().endsWith('/api/ice-servers')) renewals += 1;
      });
    });
    for (const { page } of visitors) await decodes(page, 1);
    expect(renewals).toBeGreaterThanOrEqual(2);
  });
});

test('expired credentials that cannot be replaced are named as the reason', async () => {
  const stale = `${Math.floor(Date.now() / 1_000) - 60}:ann`;
  const credential = createHmac('sha1', coturn.secret).update(stale).digest('base64');
  await withServer(coturn.environment('udp'), async (server) => {
    const visitors = await before(server, async (page) => {
      await tamper(page, stale, credential);
      await page.route('**/api/ice-servers', async (route) => route.fulfill({ status: 503 }));
    });
    for (const { page } of visitors) {
      const reason = page.getByRole('status').filter({ hasText: 'The relay refuses' });
      await expect(reason).toBeVisible();
    }
  });
});

/** What the page is told when it joins has credentials that ended a minute ago. */
async function tamper(page: Page, username: string, credential: string): Promise<void> {
  await page.addInitScript(
    ([name = '', secret = '']) => {
      const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
      Object.defineProperty(MessageEvent.prototype, 'data', {
        get(this: MessageEvent): unknown {
          const given: unknown = data?.get?.call(this);
          if (typeof given !== 'string') return given;
          return given
            .replaceAll(/"username":"[^"]*"/g, `"username":"${name}"`)
            .replaceAll(/"credential":"[^"]*"/g, `"credential":"${secret}"`);
        },
      });
    },
    [username, credential],
  );
}
