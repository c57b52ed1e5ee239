import type { Locator } from '@playwright/test';
import { expect, test, type Visitor } from '../../browser.ts';
import { pdf, png } from '../../samples.ts';

const RED = [214, 40, 40];
const GREEN = [30, 140, 70];
const BLUE = [30, 70, 200];

/** The colour of a visitor's canvas, at a share of its width and height. */
async function colourAt({ canvas }: Visitor, x: number, y: number): Promise<number[]> {
  return canvas.evaluate(
    (element: HTMLCanvasElement, at) => {
      const pen = element.getContext('2d');
      const place = at.map((share, n) => Math.floor(share * (n ? element.height : element.width)));
      return [...(pen?.getImageData(place[0] ?? 0, place[1] ?? 0, 1, 1).data ?? [])];
    },
    [x, y],
  );
}

/** Until a canvas shows a colour there: of a picture, or none of the paper. */
async function expectColour(visitor: Visitor, at: [number, number], colour: number[] | 'paper') {
  const wanted = colour === 'paper' ? [0, 0, 0, 0] : [...colour, 255];
  await expect
    .poll(async () => {
      const seen = await colourAt(visitor, ...at);
      return seen.every((value, n) => Math.abs(value - (wanted[n] ?? 0)) <= 3) ? 'as wanted' : seen;
    })
    .toBe('as wanted');
}

/** How many of every seventh pixel of a picture have each colour, by its red, green and blue. */
async function coloursOf({ page }: Visitor, picture: Buffer): Promise<Record<string, number>> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    pen?.drawImage(bitmap, 0, 0);
    const data = pen?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
    const counts: Record<string, number> = {};
    for (let at = 0; at < data.length; at += 28) {
      const colour = [data[at], data[at + 1], data[at + 2]].join();
      counts[colour] = (counts[colour] ?? 0) + 1;
    }
    return counts;
  }, picture.toString('base64'));
}

async function drop(onto: Locator, files: { name: string; type: string; bytes: Buffer }[]) {
  const given = files.map(({ bytes, ...it }) => ({ ...it, base64: bytes.toString('base64') }));
  await onto.evaluate((element, sent) => {
    const data = new DataTransfer();
    for (const { name, type, base64 } of sent) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], name, { type }));
    }
    const { left, top, width, height } = element.getBoundingClientRect();
    const at = { clientX: left + width * 0.2, clientY: top + height * 0.5 };
    const init = { bubbles: true, cancelable: true, dataTransfer: data, ...at };
    element.dispatchEvent(new DragEvent('drop', init));
  }, given);
}

/** Puts a picture into the clipboard, as another program would. */
async function copyPicture({ page, context }: Visitor, picture: Buffer) {
  // All that are granted, for what is not named is taken away.
  await context.grantPermissions(['camera', 'microphone', 'clipboard-read', 'clipboard-write']);
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const blob = new Blob([bytes], { type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
  }, picture.toString('base64'));
}

// The driver of Firefox does not tell of a file that a page made itself.
test(
  'a picture stands on everyone’s board, is taken back, and stays',
  { tag: '@chromium' },
  async ({ arriveSignedIn, server }) => {
    test.setTimeout(180_000);
    const { visitor: ann, account } = await arriveSignedIn('Ann');
    const { visitor: ben } = await arriveSignedIn('Ben');
    const { code, roomId } = await account.createRoom('Art');
    const link = `${server.url}/r/${code}`;
    await ann.come(link);
    await ben.come(link);
    await ben.openBoard();
    const middle: [number, number] = [0.5, 0.5];
    const left: [number, number] = [0.2, 0.5];

    await test.step('from a message onto the board, which opens', async () => {
      const red = { name: 'red.png', mimeType: 'image/png', buffer: png(600, 400, RED) };
      await ann.page.getByTestId('file-picker').setInputFiles(red);
      await ann.button('Insert red.png into the board').first().click();
      await expect(ann.canvas).toBeVisible();
      for (const visitor of [ann, ben]) await expectColour(visitor, middle, RED);
    });

    await test.step('taken back and done again, for both', async () => {
      await ann.button('Undo').click();
      for (const visitor of [ann, ben]) await expectColour(visitor, middle, 'paper');
      await ann.button('Redo').click();
      for (const visitor of [ann, ben]) await expectColour(visitor, middle, RED);
    });

    await test.step('dropped where the pointer is; what is no picture is shared', async () => {
      await drop(ann.canvas, [
        { name: 'green.png', type: 'image/png', bytes: png(120, 80, GREEN) },
        { name: 'notes.txt', type: 'text/plain', bytes: Buffer.from('notes') },
        { name: 'broken.png', type: 'image/png', bytes: Buffer.from('no picture') },
      ]);
      await expect(ann.notice('notes.txt is no picture')).toBeVisible();
      for (const visitor of [ann, ben]) await expectColour(visitor, left, GREEN);
      const chat = ben.page.getByRole('tabpanel', { name: 'Chat' });
      for (const name of ['notes.txt', 'broken.png'])
        await expect(chat.getByText(name)).toBeVisible();
      await expect(chat.getByText('green.png')).toHaveCount(0);
    });

    await test.step('pasted where the pointer is', async () => {
      await copyPicture(ann, png(120, 80, BLUE));
      const right: [number, number] = [0.8, 0.5];
      const box = await ann.canvas.boundingBox();
      if (!box) throw new Error('no board');
      await ann.page.mouse.move(box.x + box.width * right[0], box.y + box.height * right[1]);
      await ann.page.keyboard.press('Control+V');
      for (const visitor of [ann, ben]) await expectColour(visitor, right, BLUE);
      await ann.button('Undo').click();
      for (const visitor of [ann, ben]) await expectColour(visitor, right, 'paper');
    });

    await test.step('smaller by a corner, and moved', async () => {
      const box = await ann.canvas.boundingBox();
      if (!box) throw new Error('no board');
      const { mouse } = ann.page;
      const [x, y] = [box.x + box.width * left[0], box.y + box.height * left[1]];
      await mouse.move(x + 59, y + 39);
      await mouse.down();
      await mouse.move(x - 30, y - 20, { steps: 4 });
      await mouse.up();
      await expectColour(ben, left, 'paper');
      await mouse.move(x - 45, y - 30);
      await mouse.down();
      await mouse.move(x, y, { steps: 4 });
      await mouse.up();
      await expectColour(ben, left, GREEN);
    });

    await test.step('kept with a version, taken along, and there after a reload', async () => {
      await ann.button('Versions').click();
      const versions = ann.page.getByRole('dialog', { name: 'Versions' });
      await versions.getByRole('button', { name: 'Save version' }).click();
      const small = versions.getByRole('listitem').locator('img');
      await expect(small).toBeVisible();
      const seen = await small.evaluate((img: HTMLImageElement) => {
        const canvas = document.createElement('canvas');
        canvas.width = img.naturalWidth;
        const pen = canvas.getContext('2d');
        pen?.drawImage(img, 0, 0);
        return [
          ...(pen?.getImageData(img.naturalWidth / 2, img.naturalHeight / 2, 1, 1).data ?? []),
        ];
      });
      expect(seen).toEqual([...RED, 255]);
      const keeping = ann.page.waitForEvent('download');
      await versions.getByRole('button', { name: 'Picture of the board' }).click();
      const kept = await (await keeping).createReadStream();
      const colours = await coloursOf(ann, Buffer.concat(await kept.toArray()));
      for (const colour of [RED, GREEN]) expect(colours[colour.join()]).toBeGreaterThan(100);
      await versions.getByRole('button', { name: 'Close' }).click();

      await ben.reload();
      await ben.openBoard();
      await expectColour(ben, middle, RED);
      await expectColour(ben, left, GREEN);
    });

    await test.step('taken away from the files it leaves its place, and the board goes on', async () => {
      await ann.openTab('Files');
      await ann.button('Remove red.png').click();
      await ann.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      for (const visitor of [ann, ben]) await expectColour(visitor, [0.4, 0.5], [236, 229, 215]);
      await ann.button('Clear board').click();
      await ann.button('Clear for everyone').click();
      for (const at of [middle, left]) await expectColour(ben, at, 'paper');
      await ann.button('Undo').click();
      await expectColour(ben, left, GREEN);
      await expectColour(ben, [0.4, 0.5], [236, 229, 215]);
      await ben.reload();
      await ben.openBoard();
      await expectColour(ben, left, GREEN);
      await expectColour(ben, [0.4, 0.5], [236, 229, 215]);
    });

    await test.step('only for who may draw', async () => {
      await ben.openTab('Files');
      await expect(ben.button('Insert green.png into the board')).toBeVisible();
      await account.call('PATCH', `/api/rooms/${roomId}`, { settings: { whoDraws: 'mods' } });
      await expect(ben.button('Insert green.png into the board')).toHaveCount(0);
      await drop(ben.canvas, [{ name: 'b.png', type: 'image/png', bytes: png(90, 90, RED) }]);
      await expect(ben.notice('You may not draw')).toBeVisible();
    });
  },
);

test('a PDF is read in the room: page by page, and in words when it cannot be', async ({
  arriveSignedIn,
  server,
}) => {
  const { visitor: ann, account } = await arriveSignedIn('Ann');
  const { visitor: ben } = await arriveSignedIn('Ben');
  const { code } = await account.createRoom('Reading');
  const link = `${server.url}/r/${code}`;
  await ann.come(link);
  await ben.come(link);
  const refused: string[] = [];
  ben.page.on('console', (line) => {
    if (line.text().includes('Content Security Policy')) refused.push(line.text());
  });
  ben.page.on('dialog', (dialog) => {
    refused.push(dialog.message());
    void dialog.dismiss();
  });
  const mimeType = 'application/pdf';
  await ann.page.getByTestId('file-picker').setInputFiles([
    { name: 'paper.pdf', mimeType, buffer: pdf(2) },
    { name: 'locked.pdf', mimeType, buffer: pdf(1, { locked: true }) },
    { name: 'torn.pdf', mimeType, buffer: Buffer.from('no PDF at all') },
  ]);

  const ink = (page: Locator) =>
    page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
      let dark = 0;
      for (let at = 0; at < (pixels?.length ?? 0); at += 4) if ((pixels?.[at] ?? 255) < 80) dark++;
      return dark / (canvas.width * canvas.height);
    });
  const dialog = ben.page.getByRole('dialog');
  const pages = dialog.getByTestId('pdf-page');

  await test.step('from a message', async () => {
    await ben.button('Show paper.pdf').click();
    await expect(dialog.getByText('1 / 2')).toBeVisible();
    // The square is a twelfth of the page.
    await expect.poll(() => ink(pages.first())).toBeGreaterThan(0.08);
    const { width, shown } = await pages.first().evaluate((page) => ({
      width: page.querySelector('canvas')?.width,
      shown: page.getBoundingClientRect().width * window.devicePixelRatio,
    }));
    expect(Math.abs((width ?? 0) - shown)).toBeLessThanOrEqual(1);
    await dialog.getByRole('document').press('End');
    await expect(dialog.getByText('2 / 2')).toBeVisible();
    await expect.poll(() => ink(pages.last())).toBeGreaterThan(0.08);
    await ben.page.screenshot({ path: test.info().outputPath('pdf.png') });
    await ben.page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  });

  await test.step('from the files, and why some are not shown', async () => {
    await ben.openTab('Files');
    const list = ben.page.getByRole('list', { name: 'Shared files' });
    for (const [name, words] of [
      ['locked.pdf', 'protected by a password'],
      ['torn.pdf', 'damaged'],
    ] as const) {
      await list.getByRole('button', { name: `Show ${name}` }).click();
      await expect(dialog.getByRole('alert')).toContainText(words);
      const keeping = ben.page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Download' }).click();
      expect((await keeping).suggestedFilename()).toBe(name);
      await ben.page.keyboard.press('Escape');
    }
    expect(refused).toEqual([]);
  });
});
