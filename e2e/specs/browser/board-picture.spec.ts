import { readFile } from 'node:fs/promises';
import type { BoardOp, Element } from '../../../client/src/protocol/index.ts';
import { expect, test } from '../../browser.ts';
import { ask } from '../../people.ts';
import { png } from '../../samples.ts';
import { share } from '../../uploads.ts';

type Box = readonly [left: number, top: number, right: number, bottom: number];

const INK = '#1f2a2c';
const HEBREW = 'שלום לכולם, מתחילים בפרק השלישי';
const shape = (id: string, rest: Partial<Element> & Pick<Element, 'kind'>): BoardOp => ({
  type: 'put',
  element: { id, color: INK, width: 6, ...rest },
});

/** Of every kind, at the edges too, and where each is to be seen, in board units. */
const drawn = (src: string): [op: BoardOp, where: Box][] => [
  [shape('page', { kind: 'rect', x: 40, y: 40, w: 1520, h: 820 }), [30, 30, 1570, 870]],
  [
    shape('top', { kind: 'arrow', points: [[600, 40], [1000, 40]] }), // prettier-ignore
    [950, 16, 1010, 64],
  ],
  [
    shape('right', { kind: 'arrow', points: [[1480, 450], [1560, 450]] }), // prettier-ignore
    [1490, 426, 1578, 474],
  ],
  [
    shape('black-note', {
      kind: 'note',
      x: 80,
      y: 80,
      w: 280,
      h: 180,
      width: 26,
      text: 'All that one has to read until Monday, and what comes after it', // prettier-ignore
    }),
    [70, 70, 370, 270],
  ],
  [
    shape('cut-note', {
      kind: 'note',
      color: '#cf2f2a',
      x: 420,
      y: 80,
      w: 280,
      h: 180,
      width: 26,
      text: `Kernladungszahl${'abcdefgh'.repeat(30)}`, // prettier-ignore
    }),
    [410, 70, 710, 270],
  ],
  [
    shape('hebrew-note', {
      kind: 'note',
      color: '#1f5fcc',
      x: 760,
      y: 80,
      w: 280,
      h: 180,
      width: 26,
      text: HEBREW, // prettier-ignore
    }),
    [750, 70, 1050, 270],
  ],
  [
    shape('wide-letters', {
      kind: 'text',
      x: 1000,
      y: 700,
      w: 12,
      h: 12,
      width: 20,
      text: '我們一起讀第三章'.repeat(3), // prettier-ignore
    }),
    [990, 690, 1500, 735],
  ],
  [
    shape('two-lines', {
      kind: 'text',
      color: '#7440bd',
      x: 80,
      y: 320,
      w: 520,
      h: 80,
      width: 30,
      text: `What follows from it?\n${HEBREW}`, // prettier-ignore
    }),
    [70, 310, 620, 410],
  ],
  [
    shape('ellipse', { kind: 'ellipse', color: '#257a37', x: 1100, y: 120, w: 360, h: 220 }),
    [1090, 110, 1470, 350],
  ],
  [
    shape('line', { kind: 'line', color: '#c96508', width: 14, points: [[100, 820], [500, 500]] }), // prettier-ignore
    [90, 490, 510, 830],
  ],
  [
    { type: 'stroke', color: '#bd2f83', width: 6, points: [[600, 500], [650, 600], [700, 480], [760, 620], [900, 500]] }, // prettier-ignore
    [590, 470, 910, 630],
  ],
  [shape('picture', { kind: 'image', x: 640, y: 680, w: 240, h: 160, src }), [640, 680, 880, 840]],
];

/** What is drawn reaches so far, with the margin of the picture: right of the arrow at the right edge. */
const EXPORTED: Box = [10, -10, 1610, 890];

/** What two pictures of one place differ by, over squares of some board units. */
interface Compared {
  /** Of a canvas: the share of the squares that have ink. */
  readonly ink: number;
  /** Of 255, on average. */
  readonly mean: number;
  /** The share of the squares that differ by more than 48 of 255. */
  readonly far: number;
}

test(
  'the exported picture is what the canvas shows, in a dark room too',
  { tag: '@chromium' },
  async ({ arriveSignedIn, server }) => {
    const { visitor: ann, account } = await arriveSignedIn('Ann');
    await ann.page.emulateMedia({ colorScheme: 'dark' });
    const { code, roomId } = await account.createRoom('Art');
    const { socket } = await account.join(roomId);
    const red = png(120, 80, [214, 40, 40]);
    const file = await share(account, socket, roomId, red, {
      name: 'red.png',
      mimeType: 'image/png',
    });
    const elements = drawn(file.fileUrl);
    const ack = await ask(socket, 'whiteboard:draw', { roomId, ops: elements.map(([op]) => op) });
    expect(ack.ok, JSON.stringify(ack)).toBe(true);
    socket.disconnect();
    await ann.come(`${server.url}/r/${code}`);
    await ann.openBoard();
    // The last of them that needs a fetch.
    const redAt = (): Promise<number> =>
      ann.canvas.evaluate((canvas: HTMLCanvasElement) => {
        const scale = Math.min(canvas.width / 1600, canvas.height / 900);
        const x = canvas.width / 2 + (760 - 800) * scale;
        const y = canvas.height / 2 + (760 - 450) * scale;
        return canvas.getContext('2d')?.getImageData(x, y, 1, 1).data[0] ?? 0;
      });
    await expect.poll(redAt).toBeGreaterThan(200);

    await ann.button('Versions').click();
    const downloading = ann.page.waitForEvent('download');
    await ann.button('Picture of the board').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('whiteboard.png');
    const exported = await readFile(await download.path());

    const compare = async (picture: string, frame: Box, where: Box): Promise<Compared> =>
      ann.canvas.evaluate(
        async (canvas: HTMLCanvasElement, { picture, frame, where }) => {
          const [left, top, right, bottom] = where;
          const image = new Image();
          image.src = picture;
          await image.decode();
          const [w, h] = [right - left, bottom - top];
          // The colours of squares of 8 board units, which hide how an edge is smoothed at another size.
          const squares = (pixels: Uint8ClampedArray): number[][] => {
            const found: number[][] = [];
            for (let y = 0; y + 8 <= h; y += 8) {
              for (let x = 0; x + 8 <= w; x += 8) {
                const sum = [0, 0, 0];
                for (let at = 0; at < 64; at++) {
                  const pixel = ((y + (at >> 3)) * w + x + (at & 7)) * 4;
                  for (const n of [0, 1, 2]) sum[n] = (sum[n] ?? 0) + (pixels[pixel + n] ?? 0) / 64;
                }
                found.push(sum);
              }
            }
            return found;
          };
          const looks = (paint: (pen: OffscreenCanvasRenderingContext2D) => void) => {
            const pen = new OffscreenCanvas(w, h).getContext('2d');
            if (!pen) throw new Error('no pen');
            pen.fillStyle = '#fffdf8';
            pen.fillRect(0, 0, w, h);
            pen.imageSmoothingQuality = 'high';
            pen.translate(-left, -top);
            paint(pen);
            return squares(pen.getImageData(0, 0, w, h).data);
          };
          const scale = Math.min(canvas.width / 1600, canvas.height / 900);
          const shown = looks((pen) => {
            const [width, height] = [canvas.width / scale, canvas.height / scale];
            pen.drawImage(canvas, 800 - width / 2, 450 - height / 2, width, height);
          });
          const taken = looks((pen) => {
            const [x0, y0, x1, y1] = frame;
            pen.drawImage(image, x0, y0, x1 - x0, y1 - y0);
          });
          const apart = (one: number[], other: number[]) =>
            Math.max(...one.map((value, n) => Math.abs(value - (other[n] ?? 0))));
          const differences = shown.map((square, n) => apart(square, taken[n] ?? []));
          const share = (count: number) => count / shown.length;
          return {
            ink: share(shown.filter((square) => apart(square, [255, 253, 248]) > 24).length),
            mean: share(differences.reduce((sum, one) => sum + one, 0)),
            far: share(differences.filter((one) => one > 48).length),
          };
        },
        { picture, frame, where },
      );

    await test.step('each of it by the page', async () => {
      const picture = `data:image/png;base64,${exported.toString('base64')}`;
      for (const [op, where] of elements) {
        const name = op.type === 'put' ? op.element.id : op.type;
        const compared = await compare(picture, EXPORTED, where);
        expect.soft(compared.ink, `${name} is on the canvas`).toBeGreaterThan(0.01);
        expect.soft(compared.mean, `${name} in the picture`).toBeLessThan(6);
        expect.soft(compared.far, `${name} in the picture`).toBe(0);
      }
    });

    await test.step('and nearly by the server, which has no measures of the font', async () => {
      const path = `${server.url}/api/rooms/${roomId}/board.svg`;
      const headers = { authorization: `Bearer ${account.token}` };
      const svg = await (await fetch(path, { headers })).text();
      const [x, y, w, h] = (/viewBox="([^"]*)"/.exec(svg)?.[1] ?? '').split(' ').map(Number);
      const frame: Box = [x ?? 0, y ?? 0, (x ?? 0) + (w ?? 0), (y ?? 0) + (h ?? 0)];
      const picture = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
      for (const [op, where] of elements) {
        const name = op.type === 'put' ? op.element.id : op.type;
        // In the picture of the API it is no more than a frame: its address works for members only.
        if (name === 'picture') continue;
        const compared = await compare(picture, frame, where);
        expect.soft(compared.far, `${name} by the server`).toBeLessThan(0.15);
      }
    });
  },
);
