import type { Page, Request, Route } from '@playwright/test';
import { createHash, randomBytes } from 'node:crypto';
import { utimes, writeFile } from 'node:fs/promises';
import { expect, test, type Visitor } from '../../browser.ts';
import type { FileList, UploadState, UploadUrl } from '../../../client/src/protocol/index.ts';
import { disconnectAll, Person } from '../../people.ts';
import { isForObject, links, noServer, put, shelfSettings, shelves } from '../../uploads.ts';

test.afterEach(disconnectAll);

const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const partOf = (request: Request) =>
  request.method() === 'PUT' ? new URL(request.url()).searchParams.get('partNumber') : null;

/** What goes to the object store, where only some of it gets through. */
class Gate {
  readonly #held = new Set<Route>();
  #passes: (route: Route) => boolean = () => false;

  static async before(page: Page): Promise<Gate> {
    const gate = new Gate();
    await page.route(isForObject, async (route) => {
      if (gate.#passes(route)) await route.continue();
      else gate.#held.add(route);
    });
    return gate;
  }

  get held(): Request[] {
    return [...this.#held].map((route) => route.request());
  }

  async letThrough(passes: (route: Route) => boolean): Promise<void> {
    this.#passes = passes;
    for (const route of [...this.#held].filter(passes)) {
      this.#held.delete(route);
      await route.continue();
    }
  }

  /** What waits is gone with its page. */
  shut(): void {
    this.#passes = () => false;
    this.#held.clear();
  }
}

/** Where the file of what broke off is chosen again, in the panel that is shown. */
const again = ({ page }: Visitor) =>
  page.getByRole('list', { name: 'Uploads' }).getByTestId('same-file-picker');

/** Chooses a file, and gives what the server answered. */
async function begin(page: Page, choose: () => Promise<void>): Promise<UploadUrl> {
  const asked = page.waitForResponse((response) => response.url().endsWith('/api/upload-url'));
  await choose();
  return (await (await asked).json()) as UploadUrl;
}

/** Reloads while something is on its way, which the page would have the browser ask about. */
async function reloadAnyway(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  const asks = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }));
  expect(await page.evaluate(asks)).toBe(true);
  // Not always asked: a browser under load does not wait for pages that answer late.
  page.once('dialog', (dialog) => void dialog.accept());
  await visitor.reload();
}

for (const shelf of shelves) {
  test.describe(`in parts on ${shelf}`, () => {
    test.skip(...noServer(shelf));
    test.use({ settings: async ({}, use) => use(shelfSettings(shelf)) });

    test('cut off by a reload it goes on with what is missing, in one of two tabs, once (SPEC 7.4)', async ({
      arriveSignedIn,
      server,
    }, info) => {
      const { visitor: ann, account } = await arriveSignedIn('Ann');
      const { code, roomId } = await account.createRoom('Algebra');
      const link = `${server.url}/r/${code}`;
      await ann.come(link);
      // Three parts, the last of which is shorter.
      const bytes = randomBytes(40 << 20);
      const film = info.outputPath('film.bin');
      const madeAt = new Date(2026, 1, 3);
      await writeFile(film, bytes);
      await utimes(film, madeAt, madeAt);
      const gate = await Gate.before(ann.page);
      const sent: string[] = [];
      ann.page.on('request', (request) => {
        const part = partOf(request);
        if (part !== null) sent.push(part);
      });

      await test.step('one part gets there, and then the page is reloaded', async () => {
        await gate.letThrough((route) => partOf(route.request()) === '1');
        const picker = ann.page.getByTestId('file-picker');
        const { uploadId } = await begin(ann.page, () => picker.setInputFiles(film));
        await expect.poll(() => sent.toSorted()).toEqual(['1', '2', '3']);
        const stored = async () => {
          const state = await account.call<UploadState>('GET', `/api/uploads/${uploadId}`);
          return state.body.stored;
        };
        await expect.poll(stored).toEqual([1]);
        gate.shut();
        await reloadAnyway(ann);
      });

      await test.step('it is said how far it came, and another file is refused', async () => {
        const uploads = ann.page.getByRole('list', { name: 'Uploads' });
        await expect(uploads).toContainText('Broke off at 40 %');
        await ann.openTab('Files');
        await expect(uploads).toContainText('Broke off at 40 %');
        const picker = again(ann);
        const other = { name: 'film.bin', mimeType: 'text/plain', buffer: Buffer.from('other') };
        await picker.setInputFiles(other);
        await expect(uploads).toContainText('another film.bin');
        await utimes(film, madeAt, new Date());
        await picker.setInputFiles(film);
        await expect(uploads).toContainText('was changed since');
        await utimes(film, madeAt, madeAt);
      });

      const tab = await ann.secondTab();
      await test.step('of two tabs the one that is first goes on, and the other says so', async () => {
        await tab.come(link);
        const there = tab.page.getByRole('list', { name: 'Uploads' });
        await expect(there).toContainText('Broke off at 40 %');
        sent.length = 0;
        await again(ann).setInputFiles(film);
        await expect(
          ann.page.getByRole('progressbar', { name: 'Uploading film.bin' }),
        ).toBeVisible();
        await again(tab).setInputFiles(film);
        await expect(tab.notice('film.bin is on its way in another tab.')).toBeVisible();
        await expect(there).toHaveCount(0);
      });

      await test.step('only what is missing is sent, and it is there once and whole', async () => {
        await gate.letThrough(() => true);
        const message = tab.chatLog.getByTestId('message').filter({ hasText: 'film.bin' });
        await expect(message).toHaveCount(1);
        await expect(ann.page.getByRole('list', { name: 'Uploads' })).toHaveCount(0);
        expect(sent.toSorted()).toEqual(['2', '3']);
        const ben = await Person.signUp(server, 'Ben');
        await ben.join(roomId);
        const { files } = await ben.read<FileList>(`/api/rooms/${roomId}/files`);
        expect(files).toHaveLength(1);
        for (const file of files) {
          const got = await fetch((await links(ben, file)).download);
          expect(sum(new Uint8Array(await got.arrayBuffer()))).toBe(sum(bytes));
        }
        expect((await ben.history(roomId)).messages).toHaveLength(1);
      });
    });
  });
}

test('what breaks off is announced, gone on with by a click, or given up', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { code, roomId } = await account.createRoom('Algebra');
  await ann.come(`${server.url}/r/${code}`);
  const { page } = ann;
  const uploads = page.getByRole('list', { name: 'Uploads' });
  const picker = page.getByTestId('file-picker');
  const note = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) });
  const gate = await Gate.before(page);

  await test.step('all of it there when the page goes: announced without being asked', async () => {
    const upload = await begin(page, () => picker.setInputFiles(note('late.txt')));
    await expect.poll(() => gate.held.length).toBe(1);
    // It arrived, and the page never heard of it.
    expect((await put(upload, 'late.txt')).ok).toBe(true);
    gate.shut();
    await reloadAnyway(ann);
    await expect(ann.button('Download late.txt')).toHaveCount(1);
    await expect(uploads).toHaveCount(0);
  });

  await test.step('where the browser knows the way back to a file, a click is enough', async () => {
    // A picker that cannot be shown here, and gives what it gives: a handle that outlives the page.
    await page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle('again.txt', { create: true });
      const writing = await handle.createWritable();
      await writing.write('again.txt');
      await writing.close();
      Object.assign(window, { showOpenFilePicker: () => Promise.resolve([handle]) });
    });
    await begin(page, () => ann.button('Attach files').click());
    await expect.poll(() => gate.held.length).toBe(1);
    gate.shut();
    await reloadAnyway(ann);
    await gate.letThrough(() => true);
    await uploads.getByRole('button', { name: 'Go on with again.txt' }).click();
    await expect(ann.button('Download again.txt')).toHaveCount(1);
    gate.shut();
  });

  await test.step('who leaves the room is asked first, and can go on or give up later', async () => {
    const upload = await begin(page, () => picker.setInputFiles(note('left.txt')));
    const state = `/api/uploads/${upload.uploadId}`;
    const question = page.getByRole('dialog', { name: 'Leave before it is uploaded?' });
    await page.getByRole('link', { name: 'My rooms' }).click();
    await question.getByRole('button', { name: 'Stay' }).click();
    await expect(page.getByRole('progressbar', { name: 'Uploading left.txt' })).toBeVisible();
    await ann.button('Leave').click();
    await question.getByRole('button', { name: 'Leave' }).click();
    await expect(page.getByText('You left')).toBeVisible();
    expect((await account.call('GET', state)).status).toBe(200);
    await ann.button('Come back in').click();
    await ann.enter();
    await expect(uploads).toContainText('Broke off');
    await uploads.getByRole('button', { name: 'Give up left.txt' }).click();
    await expect(uploads).toHaveCount(0);
    await expect.poll(async () => (await account.call('GET', state)).status).toBe(404);
    await ann.reload();
    await expect(ann.button('Download again.txt')).toHaveCount(1);
    await expect(uploads).toHaveCount(0);
  });
  expect((await account.history(roomId)).messages).toHaveLength(2);
});
