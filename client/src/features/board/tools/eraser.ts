import type { Element, Point } from '../../../protocol';
import { touches } from '../model/geometry';
import type { ToolContext, Gesture } from './gesture';

const RADIUS_PX = 9;

/** Takes away whole elements, each when it is first touched. */
export function startEraser(drawing: ToolContext, start: Point): Gesture {
  const radius = RADIUS_PX / drawing.scale;
  const gone: Element[] = [];
  let from = start;

  function rub(to: Point) {
    const hit = drawing
      .find({
        x0: Math.min(from[0], to[0]) - radius,
        y0: Math.min(from[1], to[1]) - radius,
        x1: Math.max(from[0], to[0]) + radius,
        y1: Math.max(from[1], to[1]) + radius,
      })
      .filter((element) => touches(element, from, to, radius));
    from = to;
    if (hit.length === 0) return;
    gone.push(...hit);
    drawing.draw([{ type: 'erase', ids: hit.map((element) => element.id) }]);
  }
  rub(start);

  return {
    move: (points) => points.forEach(rub),
    end() {
      if (gone.length > 0) drawing.record({ kind: 'add', elements: gone });
    },
    cancel() {
      if (gone.length > 0) drawing.draw(gone.map((element) => ({ type: 'put', element })));
    },
  };
}
