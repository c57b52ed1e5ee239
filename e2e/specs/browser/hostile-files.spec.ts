import type { BrowserContext, Page } from '@playwright/test';
import { once } from 'node:events';
import { createServer, type Server as Listener } from 'node:http';
import path from 'node:path';
import { expect, test } from '../../browser.ts';
import type { FileLinks, FileMeta } from '../../../client/src/protocol/index.ts';
import { disconnectAll } from '../../people.ts';
import { links, noServer, shelfSettings, share, shelves } from '../../uploads.ts';

test.afterEach(disconnectAll);

/** Tells in every way that it runs, and in which origin; does what a thief would. */
const script = `
  try { ran(location.origin); } catch {}
  try { opener.postMessage('evil', '*'); } catch {}
  try { if (parent !== window) parent.postMessage('evil', '*'); } catch {}
  try { document.cookie = 'evil=1'; } catch {}
  fetch('/api/auth/refresh', { method: 'POST' }).catch(() => {});
`;
const html = `<!doctype html><title>evil</title><script>${script}</script>`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script><![CDATA[${script}]]></script></svg>`;

const evil = [
  { name: 'evil.html', mimeType: 'text/html', body: html },
  { name: 'evil.svg', mimeType: 'image/svg+xml', body: svg },
  { name: 'evil.xml', mimeType: 'application/xhtml+xml', body: svg },
  // What may be shown in place, by its name and its type, and is something else.
  { name: 'evil.png', mimeType: 'image/png', body: html },
  { name: 'evil-drawing.png', mimeType: 'image/png', body: svg },
  { name: 'evil-page.html', mimeType: 'image/png', body: html },
  { name: 'evil.pdf', mimeType: 'application/pdf', body: html },
];

/** Another site, which has in its pages whatever it likes. */
class Stranger {
  #embedded: readonly string[] = [];

  private constructor(
    private readonly listener: Listener,
    readonly origin: string,
  ) {}

  static async open(): Promise<Stranger> {
    const listener = createServer((request, answer) => {
      const [type, body] = stranger.page(request.url ?? '/');
      answer.writeHead(200, { 'content-type': type }).end(body);
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const stranger = new Stranger(listener, `http://127.0.0.1:${address.port}`);
    return stranger;
  }

  /** Has them in its front page, in every way a page can. */
  embed(addresses: readonly string[]): void {
    this.#embedded = addresses;
  }

  close(): void {
    this.listener.close();
    this.listener.closeAllConnections();
  }

  private page(at: string): [string, string] {
    if (at === '/evil.svg') return ['image/svg+xml', svg];
    if (at === '/evil.html') return ['text/html', html];
    const escaped = this.#embedded.map((address) => address.replaceAll('&', '&amp;'));
    const ways = escaped.map(
      (at) =>
        `<iframe src="${at}"></iframe><object data="${at}"></object><embed src="${at}"><img src="${at}">`,
    );
    return ['text/html', `<!doctype html><title>Stranger</title>${ways.join('\n')}`];
  }
}

/** Where a script of such a file ran, by what it called and whom it told. */
async function watch(context: BrowserContext): Promise<string[]> {
  const ran: string[] = [];
  await context.exposeFunction('ran', (origin: string) => void ran.push(origin));
  await context.exposeFunction('told', (origin: string) => void ran.push(origin));
  await context.addInitScript(() => {
    addEventListener('message', ({ data, origin }) => {
      if (data === 'evil') (window as unknown as { told(from: string): void }).told(origin);
    });
  });
  return ran;
}

/** Goes there; where that is a file to keep, gives what it is called. */
async function visit(page: Page, address: string): Promise<string | undefined> {
  const kept = page.waitForEvent('download');
  const shown = page.goto(address).then(
    () => undefined,
    // A navigation that becomes a download is none.
    async () => (await kept).suggestedFilename(),
  );
  kept.catch(() => undefined);
  return shown;
}

for (const shelf of shelves) {
  test.describe(`on ${shelf}`, () => {
    test.skip(...noServer(shelf));
    test.use({ settings: async ({}, use) => use(shelfSettings(shelf)) });

    test('no script of a shared file runs, wherever and as whatever it is opened (SPEC 7.3)', async ({
      arriveSignedIn,
      server,
    }) => {
      const { visitor: ann, account } = await arriveSignedIn('Ann');
      const { code, roomId } = await account.createRoom('Algebra');
      const { socket } = await account.join(roomId);
      const shared: { file: FileMeta; found: FileLinks }[] = [];
      for (const { body, ...facts } of evil) {
        const file = await share(account, socket, roomId, body, facts);
        shared.push({ file, found: await links(account, file) });
      }
      const addresses = shared.flatMap(({ file, found }) =>
        [found.download, found.inline, server.url + file.fileUrl].filter((it) => it !== undefined),
      );
      const stranger = await Stranger.open();
      const ran = await watch(ann.context);

      await test.step('what watches would see it: the same files of a careless site', async () => {
        stranger.embed([`${stranger.origin}/evil.svg`, `${stranger.origin}/evil.html`]);
        await ann.page.goto(stranger.origin);
        // Each in a frame, an object and an embed, by a call and a word to the page around it.
        await expect.poll(() => ran.length).toBeGreaterThanOrEqual(8);
        expect(new Set(ran)).toEqual(new Set([stranger.origin]));
      });

      await test.step('opened', async () => {
        await ann.come(`${server.url}/r/${code}`);
        for (const { file, found } of shared) {
          const kept = await visit(ann.page, found.download);
          // Firefox gives it the ending of its type.
          expect(path.parse(kept ?? '').name, file.name).toBe(path.parse(file.name).name);
          const bare = await ann.page.goto(server.url + file.fileUrl);
          expect(bare?.status()).toBe(401);
          if (found.inline !== undefined) await visit(ann.page, found.inline);
        }
      });

      await test.step('in the pages of another site', async () => {
        stranger.embed(addresses);
        await ann.page.goto(stranger.origin);
        for (const { found } of shared) {
          const opened = ann.context.waitForEvent('page');
          await ann.page.evaluate((at) => void open(at), found.inline ?? found.download);
          const page = await opened;
          await page.waitForLoadState().catch(() => undefined);
          await page.close();
        }
      });

      await test.step('in the page of the room itself', async () => {
        await ann.come(`${server.url}/r/${code}`);
        const refused = await ann.page.evaluate(async (all) => {
          const frames = ['iframe', 'object', 'embed'] as const;
          const wanted = all.length * frames.length;
          let count = 0;
          const blocked = new Promise<void>((resolve) => {
            addEventListener('securitypolicyviolation', (event) => {
              if (/frame-src|object-src/.test(event.effectiveDirective)) count++;
              if (count >= wanted) resolve();
            });
          });
          const pictures = all.flatMap((at) => {
            for (const kind of frames) {
              const it = document.createElement(kind);
              it.setAttribute(kind === 'object' ? 'data' : 'src', at);
              document.body.append(it);
            }
            const img = document.createElement('img');
            const over = new Promise((end) => (img.onload = img.onerror = end));
            img.src = at;
            document.body.append(img);
            return [over];
          });
          await Promise.all([blocked, ...pictures]);
          return count;
        }, addresses);
        expect(refused).toBe(addresses.length * 3);
      });

      // The careless site's own may be late.
      expect(ran.filter((origin) => origin !== stranger.origin)).toEqual([]);
      const cookies = await ann.context.cookies(server.url);
      expect(cookies.map(({ name }) => name)).not.toContain('evil');

      await test.step('and the answers say so', async () => {
        for (const { file, found } of shared) {
          const got = await fetch(found.download);
          expect(got.headers.get('content-disposition'), file.name).toMatch(/^attachment/);
          const shown = found.inline === undefined ? [got] : [got, await fetch(found.inline)];
          for (const { headers } of shown) {
            const type = headers.get('content-type');
            const plain = found.inline === undefined ? 'application/octet-stream' : file.mimeType;
            expect(type, file.name).toBe(plain);
            if (shelf !== 'embedded') continue;
            expect(headers.get('x-content-type-options')).toBe('nosniff');
            expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
          }
        }
      });
      stranger.close();
    });
  });
}
