import type { Element } from '../../protocol';
import type { Pen } from './paint';
import type { Looks } from './pictures';

const PAPER = '#ece5d7';
const EDGE = '#d3c9b6';
const INK = '#8d8672';

/** A picture, or a quiet box in its place. */
export function paintPicture(pen: Pen, element: Element, looks: Looks): void {
  const { x = 0, y = 0, w = 0, h = 0, src = '' } = element;
  const box = { x: Math.min(x, x + w), y: Math.min(y, y + h), w: Math.abs(w), h: Math.abs(h) };
  const look = looks(src);
  if (look.at === 'there') {
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(look.bitmap, box.x, box.y, box.w, box.h);
  } else {
    paintFrame(pen, box, look.at === 'gone');
  }
}

/** With a sign in its middle: a picture, crossed out when it is gone. */
function paintFrame(
  pen: Pen,
  { x, y, w, h }: { x: number; y: number; w: number; h: number },
  gone: boolean,
): void {
  const unit = Math.min(w, h) / 10;
  pen.beginPath();
  pen.roundRect(x, y, w, h, Math.min(6, unit));
  pen.fillStyle = PAPER;
  pen.fill();
  pen.strokeStyle = EDGE;
  pen.lineWidth = Math.min(2, unit / 4);
  pen.stroke();

  const size = Math.min(4 * unit, 48);
  const [cx, cy] = [x + w / 2, y + h / 2];
  const point = (dx: number, dy: number): [number, number] => [cx + dx * size, cy + dy * size];
  pen.beginPath();
  pen.roundRect(...point(-0.5, -0.4), size, 0.8 * size, size / 10);
  pen.moveTo(...point(-0.5, 0.25));
  pen.lineTo(...point(-0.18, -0.08));
  pen.lineTo(...point(0.08, 0.18));
  pen.lineTo(...point(0.2, 0.06));
  pen.lineTo(...point(0.5, 0.34));
  if (gone) {
    pen.moveTo(...point(-0.6, 0.55));
    pen.lineTo(...point(0.6, -0.55));
  }
  pen.strokeStyle = INK;
  pen.lineWidth = size / 14;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.stroke();
}
