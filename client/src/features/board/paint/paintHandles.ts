import type { Element } from '../../../protocol';
import type { PaintContext } from './paintContext';
import { cornersOf, pictureRect } from '../model/pictureRect';

const SIDE_PX = 9;
const COLOUR = '#0e5a51';

/** Paints a picture's frame and its resize handles; `unit` is a pixel of the screen in board units. */
export function paintHandles(context: PaintContext, element: Element, unit: number): void {
  const rect = pictureRect(element);
  if (!rect) return;
  context.strokeStyle = COLOUR;
  context.lineWidth = 1.5 * unit;
  context.strokeRect(rect.x, rect.y, rect.w, rect.h);
  context.fillStyle = '#ffffff';
  const side = SIDE_PX * unit;
  for (const [x, y] of cornersOf(rect)) {
    context.fillRect(x - side / 2, y - side / 2, side, side);
    context.strokeRect(x - side / 2, y - side / 2, side, side);
  }
}
