import type { Element } from '../../../protocol';
import { applyCamera } from './layerBitmap';
import { PAGE } from '../model/camera';
import { byZ } from '../model/fold';
import { boxOf, grow, union, type Box } from '../model/geometry';
import { PAPER } from '../model/palette';
import { paint } from './paint';
import type { Pictures } from '../model/pictures';

const WIDE = 320;
const TALL = 180;
/** For pictures that are not there yet. */
const PATIENCE_MS = 3_000;
/** What the server takes. */
const MOST_BYTES = 200_000;

/** What a picture of the whole board has to show: the page, or what lies beyond it too. */
export function frameOf(elements: readonly Element[]): Box {
  const page: Box = { x0: 0, y0: 0, x1: PAGE.width, y1: PAGE.height };
  return elements.map(boxOf).reduce((all, box) => union(all, grow(box, 20)), page);
}

/** The camera that shows a box in a picture of this size, centred. */
export function cameraFor(box: Box, width = WIDE, height = TALL) {
  const scale = Math.min(width / (box.x1 - box.x0), height / (box.y1 - box.y0));
  return {
    scale,
    left: (box.x0 + box.x1 - width / scale) / 2,
    top: (box.y0 + box.y1 - height / scale) / 2,
  };
}

/** A small picture of the board; none where the browser cannot, or it would be too large. */
export async function thumbnail(
  elements: Iterable<Element>,
  pictures: Pick<Pictures, 'look' | 'ready'>,
): Promise<string | undefined> {
  const all = [...elements].sort(byZ);
  await shown(all, pictures);
  const canvas = document.createElement('canvas');
  canvas.width = WIDE;
  canvas.height = TALL;
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.fillStyle = PAPER;
  context.fillRect(0, 0, WIDE, TALL);
  applyCamera(context, cameraFor(frameOf(all)), 1);
  for (const element of all) paint(context, element, pictures.look);
  // Photographs are small as JPEG, and lines as PNG.
  return ['image/png', 'image/jpeg']
    .map((type) => canvas.toDataURL(type))
    .find((url) => url.length <= MOST_BYTES);
}

async function shown(elements: readonly Element[], pictures: Pick<Pictures, 'ready'>) {
  const sources = new Set(elements.map((element) => element.src).filter((it) => it !== undefined));
  if (sources.size === 0) return;
  await Promise.race([
    Promise.all([...sources].map((src) => pictures.ready(src))),
    new Promise((wait) => setTimeout(wait, PATIENCE_MS)),
  ]);
}
