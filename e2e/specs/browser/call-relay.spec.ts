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

/** Someone who comes, and how. */
interface Guest {
  name: string;
  prepare?: (page: Page) => Promise<void>;
}

/** In a new room; all of them connect by relay only. */
async function meet(server: Server, guests: Guest[]): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  let code = '';
  for (const { name, prepare } of guests) {
    const visitor = await Visitor.arrive(trusting, server, name);
    await keepCalls(visitor.context);
    await choose(visitor.context, { relayOnly: true });
    await prepare?.(visitor.page);
    const account = await visitor.getAccount();
    if (code === '') ({ code } = await account.createRoom('Algebra'));
    await visitor.page.goto(`${server.url}/r/${code}`);
    await visitor.enter();
    visitors.push(visitor);
  }
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

/** This page hears of no way to the relay but this one. */
async function only(page: Page, transport: Transport): Promise<void> {
  await page.addInitScript((way) => {
    const isOther = (url: string) => {
      const its = url.startsWith('turns:') ? 'tls' : /transport=(\w+)/.exec(url)?.[1];
      return its !== way;
    };
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor({ iceServers = [], ...rest }: RTCConfiguration = {}) {
        const kept = iceServers.map((it) => ({
          ...it,
          urls: [it.urls].flat().filter((url) => !isOther(url)),
        }));
        super({ ...rest, iceServers: kept.filter(({ urls }) => urls.length > 0) });
      }
    };
  }, transport);
}

test('people meet at the relay alone, over UDP, TCP and TLS; the connection test says what works', async () => {
  test.setTimeout(120_000);
  const transports: Transport[] = ['udp', 'tcp', 'tls'];
  await withServer(coturn.environment(...transports), async (server) => {
    const names = { udp: 'Ann', tcp: 'Bob', tls: 'Eve' } satisfies Record<Transport, string>;
    const guests = transports.map((transport) => ({
      name: names[transport],
      prepare: async (page: Page) => only(page, transport),
    }));
    const visitors = await meet(server, guests);
    for (const [n, relayProtocol] of transports.entries()) {
      const page = visitors[n]?.page;
      if (!page) throw new Error('nobody came');
      await decodes(page, 2);
      const relayed = { local: 'relay', remote: 'relay', relayProtocol };
      expect(await flows(page)).toMatchObject([relayed, relayed]);
    }
    for (const { context } of visitors.slice(1)) await context.close();

    // Who tests has all ways.
    const tester = await Visitor.arrive(trusting, server, 'Tom');
    await tester.getAccount();
    await tester.page.goto(visitors[0]?.page.url() ?? '');
    await tester.button('Test the connection').click();
    const dialog = tester.page.getByRole('dialog', { name: 'Connection test' });
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

const theRelayRefuses = ({ page }: Visitor) =>
  page.getByRole('status').filter({ hasText: 'The relay refuses' }).first();

test('a relay that does not take the server’s credentials is named as the reason (SPEC 9.4)', async () => {
  const { TURN_URLS = '' } = coturn.environment('udp');
  await withServer({ TURN_URLS, TURN_SECRET: 'another secret' }, async (server) => {
    for (const visitor of await meet(server, [{ name: 'Ann' }, { name: 'Bob' }])) {
      await expect(theRelayRefuses(visitor)).toBeVisible();
    }
  });
});

test('expired credentials are replaced by the page itself; where they cannot be, they are named (SPEC 9.1)', async () => {
  const stale = `${Math.floor(Date.now() / 1_000) - 60}:ann`;
  const credential = createHmac('sha1', coturn.secret).update(stale).digest('base64');
  await withServer(coturn.environment('udp'), async (server) => {
    let renewals = 0;
    const prepare = async (page: Page) => {
      await tamper(page, stale, credential);
      page.on('request', (request) => {
        if (request.url().endsWith('/api/ice-servers')) renewals += 1;
      });
    };
    const unlucky = async (page: Page) => {
      await tamper(page, stale, credential);
      await page.route('**/api/ice-servers', async (route) => route.fulfill({ status: 503 }));
    };
    const [ann, bob, eve] = await meet(server, [
      { name: 'Ann', prepare },
      { name: 'Bob', prepare },
      { name: 'Eve', prepare: unlucky },
    ]);
    if (!ann || !bob || !eve) throw new Error('nobody came');
    for (const { page } of [ann, bob]) await decodes(page, 1);
    expect(renewals).toBeGreaterThanOrEqual(2);
    await expect(theRelayRefuses(eve)).toBeVisible();
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
