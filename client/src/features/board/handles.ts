import type { Element, Point } from '../../protocol';
import type { ToolContext } from './gesture';
import { elementAt } from './mover';
import type { PaintContext } from './paint';
import type { Renderer } from './renderer';
import { cornerAt, cornersOf, pictureRect, type Corner } from './resizer';

const SIDE_PX = 9;
const COLOUR = '#0e5a51';

/** Shows the resize handles of the picture at a point; the corner at that point, if there is one. */
export function takeCorner(
  drawing: ToolContext,
  renderer: Renderer,
  at: Point,
  reachPx: number,
): { element: Element; corner: Corner } | undefined {
  const reach = reachPx / drawing.scale;
  const cornerOf = (element: Element | undefined) => {
    const corner = element && cornerAt(element, at, reach);
    return element && corner ? { element, corner } : undefined;
  };
  // Corners of the one that is offered reach beyond it.
  const offered = renderer.resizable === undefined ? undefined : drawing.get(renderer.resizable);
  const taken = cornerOf(offered);
  if (taken) return taken;
  const under = elementAt(drawing, at);
  renderer.showHandles(under?.kind === 'image' ? under.id : undefined);
  return cornerOf(under);
}

/** `unit` is a pixel of the screen. */
export function paintHandles(pen: PaintContext, element: Element, unit: number): void {
  const place = pictureRect(element);
  if (!place) return;
  pen.strokeStyle = COLOUR;
  pen.lineWidth = 1.5 * unit;
  pen.strokeRect(place.x, place.y, place.w, place.h);
  pen.fillStyle = '#ffffff';
  const side = SIDE_PX * unit;
  for (const [x, y] of cornersOf(place)) {
    pen.fillRect(x - side / 2, y - side / 2, side, side);
    pen.strokeRect(x - side / 2, y - side / 2, side, side);
  }
}
