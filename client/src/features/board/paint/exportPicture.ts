import type { Element } from '../../../protocol';
import { applyCamera } from './layerBitmap';
import { PAGE } from '../model/camera';
import { byZ } from '../model/fold';
import { boxOf, grow, union, type Box } from '../model/geometry';
import { PAPER } from '../model/palette';
import { font, clearTextMeasurements } from '../model/textLayout';
import { paint } from './paint';
import type { Pictures } from '../model/pictures';

/** Board units around what is drawn. */
const MARGIN = 24;
/** Pixels of a board unit, where the picture does not become too large by them. */
const SHARP = 2;
const MOST_PIXELS = 16_000_000;
/** Of a side; more is no canvas in some browsers. */
const LONGEST_SIDE = 8_192;
/** Painted at once; between them the page goes on. */
const AT_ONCE = 200;

/** The area to export: all elements, or the empty page. */
export function contentBox(elements: readonly Element[]): Box {
  if (elements.length === 0) return { x0: 0, y0: 0, x1: PAGE.width, y1: PAGE.height };
  return grow(elements.map(boxOf).reduce(union), MARGIN);
}

/** Pixels of a board unit. */
export function scaleFor({ x0, y0, x1, y1 }: Box): number {
  const [w, h] = [x1 - x0, y1 - y0];
  return Math.min(SHARP, Math.sqrt(MOST_PIXELS / (w * h)), LONGEST_SIDE / Math.max(w, h));
}

/**
 * All of the board as a PNG, by the painter of the canvas: both look the same. None where the browser
 * cannot.
 */
export async function exportPicture(
  elements: Iterable<Element>,
  pictures: Pick<Pictures, 'ready'>,
): Promise<Blob | undefined> {
  const all = [...elements].sort(byZ);
  await loadFonts(all);
  const box = contentBox(all);
  const scale = scaleFor(box);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round((box.x1 - box.x0) * scale));
  canvas.height = Math.max(1, Math.round((box.y1 - box.y0) * scale));
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  applyCamera(context, { left: box.x0, top: box.y0, scale }, 1);
  for (const [at, element] of all.entries()) {
    // One after the other: all at once would not fit in what memory they may have.
    const bitmap = element.src === undefined ? undefined : await pictures.ready(element.src);
    paint(context, element, () => (bitmap ? { at: 'there', bitmap } : { at: 'gone' }));
    if (at % AT_ONCE === AT_ONCE - 1) await new Promise((goOn) => setTimeout(goOn));
  }
  const png = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  return png ?? undefined;
}

/** Loads the font subsets that the texts need; without them a fallback is used. */
async function loadFonts(elements: readonly Element[]): Promise<void> {
  const letters = new Set(elements.flatMap(({ text = '' }) => [...text]));
  if (letters.size === 0) return;
  await document.fonts.load(font(20), [...letters].join('')).catch(() => []);
  clearTextMeasurements();
}
