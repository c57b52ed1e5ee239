import type { Element, Point } from '../../../protocol';
import type { ToolContext, Gesture } from './gesture';
import { pictureRect, type Corner } from '../model/pictureRect';
import type { Rect } from '../model/placement';

/** In pixels of the screen. */
const LEAST_PX = 16;

const near = (value: number) => Math.round(value * 100) / 100;

/** Drags a corner of a picture, which keeps its shape; the one across stays where it is. */
export function startResize(drawing: ToolContext, element: Element, corner: Corner): Gesture {
  const { id } = element;
  const from = pictureRect(element);
  let to: Rect | undefined;

  return {
    move(points) {
      const end = points.at(-1);
      if (!end || !from) return;
      to = resized(from, corner, end, LEAST_PX / drawing.scale);
      drawing.preview([{ ...element, ...to }], id);
    },
    end() {
      drawing.preview([]);
      if (!from || !to || !drawing.get(id)) return;
      drawing.draw([{ type: 'patch', id, set: to }]);
      drawing.record({ kind: 'patch', id, from: to, to: from });
    },
    cancel: () => drawing.preview([]),
  };
}

function resized({ x, y, w, h }: Rect, { right, lower }: Corner, to: Point, least: number): Rect {
  const [fixedX, fixedY] = [x + (1 - right) * w, y + (1 - lower) * h];
  const wide = (to[0] - fixedX) * (right ? 1 : -1);
  const high = (to[1] - fixedY) * (lower ? 1 : -1);
  const scale = Math.max(wide / w, high / h, least / Math.max(w, h));
  return {
    x: near(right ? fixedX : fixedX - w * scale),
    y: near(lower ? fixedY : fixedY - h * scale),
    w: near(w * scale),
    h: near(h * scale),
  };
}
