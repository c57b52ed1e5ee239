import type { Element, Point } from '../../../protocol';
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

/** Where a picture lies; undefined for any other element. */
export function pictureRect({ kind, x = 0, y = 0, w = 0, h = 0 }: Element): Rect | undefined {
  if (kind !== 'image') return undefined;
  return { x: Math.min(x, x + w), y: Math.min(y, y + h), w: Math.abs(w), h: Math.abs(h) };
}

export function cornersOf({ x, y, w, h }: Rect): Point[] {
  return CORNERS.map(({ right, lower }): Point => [x + right * w, y + lower * h]);
}

/** The corner of a picture within `reach` board units of a point. */
export function cornerAt(element: Element, at: Point, reach: number): Corner | undefined {
  const rect = pictureRect(element);
  const found = rect
    ? cornersOf(rect).findIndex(([x, y]) => Math.hypot(x - at[0], y - at[1]) <= reach)
    : -1;
  return CORNERS[found];
}
