import type { Element } from '../../../protocol';
import type { PaintContext } from './paintContext';
import type { PictureLookup } from '../model/pictures';

const PAPER = '#ece5d7';
const EDGE = '#d3c9b6';
const INK = '#8d8672';

/** A picture, or a placeholder while it is loading or gone. */
export function paintPicture(context: PaintContext, element: Element, looks: PictureLookup): void {
  const { x = 0, y = 0, w = 0, h = 0, src = '' } = element;
  const box = { x: Math.min(x, x + w), y: Math.min(y, y + h), w: Math.abs(w), h: Math.abs(h) };
  const look = looks(src);
  if (look.at === 'there') {
    context.imageSmoothingQuality = 'high';
    context.drawImage(look.bitmap, box.x, box.y, box.w, box.h);
  } else {
    paintFrame(context, box, look.at === 'gone');
  }
}

/** With a sign in its middle: a picture, crossed out when it is gone. */
function paintFrame(
  context: PaintContext,
  { x, y, w, h }: { x: number; y: number; w: number; h: number },
  gone: boolean,
): void {
  const unit = Math.min(w, h) / 10;
  context.beginPath();
  context.roundRect(x, y, w, h, Math.min(6, unit));
  context.fillStyle = PAPER;
  context.fill();
  context.strokeStyle = EDGE;
  context.lineWidth = Math.min(2, unit / 4);
  context.stroke();

  const size = Math.min(4 * unit, 48);
  const [cx, cy] = [x + w / 2, y + h / 2];
  const point = (dx: number, dy: number): [number, number] => [cx + dx * size, cy + dy * size];
  context.beginPath();
  context.roundRect(...point(-0.5, -0.4), size, 0.8 * size, size / 10);
  context.moveTo(...point(-0.5, 0.25));
  context.lineTo(...point(-0.18, -0.08));
  context.lineTo(...point(0.08, 0.18));
  context.lineTo(...point(0.2, 0.06));
  context.lineTo(...point(0.5, 0.34));
  if (gone) {
    context.moveTo(...point(-0.6, 0.55));
    context.lineTo(...point(0.6, -0.55));
  }
  context.strokeStyle = INK;
  context.lineWidth = size / 14;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke();
}
