import type { Element, ElementPatch, Point } from '../../../protocol';
import { byZ } from '../model/fold';
import { grow, isAt } from '../model/geometry';
import type { ToolContext, Gesture } from './gesture';

const REACH_PX = 6;

/** The highest element at a point. */
export function elementAt(
  drawing: Pick<ToolContext, 'find' | 'scale'>,
  at: Point,
): Element | undefined {
  const reach = REACH_PX / drawing.scale;
  return drawing
    .find(grow({ x0: at[0], y0: at[1], x1: at[0], y1: at[1] }, reach))
    .filter((element) => isAt(element, at, reach))
    .sort(byZ)
    .at(-1);
}

/** Drags what lies under the pointer; the others see it when it is let go. */
export function startMove(drawing: ToolContext, start: Point): Gesture | undefined {
  const element = elementAt(drawing, start);
  if (!element) return undefined;
  const { id } = element;
  let to: ElementPatch | undefined;

  return {
    move(points) {
      const end = points.at(-1);
      if (!end) return;
      to = moved(element, end[0] - start[0], end[1] - start[1]);
      drawing.preview([{ ...element, ...to }], id);
    },
    end() {
      drawing.preview([]);
      if (!to || !drawing.get(id)) return;
      const from: ElementPatch = element.points
        ? { points: element.points }
        : { x: element.x ?? 0, y: element.y ?? 0 };
      drawing.draw([{ type: 'patch', id, set: to }]);
      drawing.record({ kind: 'patch', id, from: to, to: from });
    },
    cancel: () => drawing.preview([]),
  };
}

function moved(element: Element, dx: number, dy: number): ElementPatch {
  const near = (value: number) => Math.round(value * 100) / 100;
  if (!element.points) return { x: near((element.x ?? 0) + dx), y: near((element.y ?? 0) + dy) };
  const points = element.points.map(([x, y, pressure]): Point =>
    pressure === undefined ? [near(x + dx), near(y + dy)] : [near(x + dx), near(y + dy), pressure],
  );
  return { points };
}
