import type { ElementId, Point } from '../../../protocol';
import type { ToolContext, Gesture } from './gesture';

/** Longer strokes are continued as a new one: painting the growing end must stay cheap. */
export const MAX_POINTS = 2_000;
/** Points nearer than this, in pixels, tell nothing new. */
const STEP_PX = 0.8;

export function startPen(drawing: ToolContext, start: Point): Gesture {
  const { color, width, scale } = drawing;
  const ids: ElementId[] = [];
  let id = '';
  let count = 0;
  let last = round(start);

  function begin(points: Point[]) {
    id = drawing.newId();
    ids.push(id);
    count = points.length;
    drawing.draw([{ type: 'stroke', id, points, color, width }]);
  }
  begin([last]);

  return {
    move(points) {
      const fresh: Point[] = [];
      for (const raw of points) {
        const point = round(raw);
        if (Math.hypot(point[0] - last[0], point[1] - last[1]) * scale < STEP_PX) continue;
        fresh.push(point);
        last = point;
      }
      const here = fresh.splice(0, MAX_POINTS - count);
      if (here.length > 0) {
        drawing.draw([{ type: 'append', id, offset: count, points: here }]);
        count += here.length;
      }
      const joint = here.at(-1);
      if (count >= MAX_POINTS && joint) begin([joint, ...fresh]);
    },
    end() {
      drawing.record({ kind: 'remove', ids });
    },
    cancel() {
      drawing.draw([{ type: 'erase', ids }]);
    },
  };
}

/** What no eye sees need not travel. */
function round([x, y, pressure]: Point): Point {
  const near = (value: number) => Math.round(value * 100) / 100;
  return pressure === undefined ? [near(x), near(y)] : [near(x), near(y), near(pressure)];
}
