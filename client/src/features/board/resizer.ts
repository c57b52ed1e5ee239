import type { Element, Point } from '../../protocol';
import type { ToolContext, Gesture } from './gesture';
import type { Rect } from './placement';

/** 0 is left or upper, 1 is right or lower. */
export interface Corner {
  readonly right: 0 | 1;
  readonly lower: 0 | 1;
}

const CORNERS: readonly Corner[] = [
  { right: 0, lower: 0 },
  { right: 1, lower: 0 },
  { right: 0, lower: 1 },
  { right: 1, lower: 1 },
];

/** In pixels of the screen. */
const LEAST_PX = 16;

const near = (value: number) => Math.round(value * 100) / 100;

/** Where a picture lies; nothing of anything else. */
export function pictureRect({ kind, x = 0, y = 0, w = 0, h = 0 }: Element): Rect | undefined {
  if (kind !== 'image') return undefined;
  return { x: Math.min(x, x + w), y: Math.min(y, y + h), w: Math.abs(w), h: Math.abs(h) };
}

export function cornersOf({ x, y, w, h }: Rect): Point[] {
  return CORNERS.map(({ right, lower }): Point => [x + right * w, y + lower * h]);
}

/** The corner of a picture that a point means. */
export function cornerAt(element: Element, at: Point, reach: number): Corner | undefined {
  const place = pictureRect(element);
  const found = place
    ? cornersOf(place).findIndex(([x, y]) => Math.hypot(x - at[0], y - at[1]) <= reach)
    : -1;
  return CORNERS[found];
}

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
