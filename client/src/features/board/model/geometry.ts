import type { Element, Point } from '../../../protocol';
import { directionOf } from '../../../ui';
import { measuredTextSize } from './textLayout';

export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** What an element may paint on, its pen's width included. */
export function boxOf(element: Element): Box {
  if (element.points) return grow(boxOfPoints(element.points), reach(element));
  const { x = 0, y = 0 } = element;
  const { w, h } = sizeOf(element);
  const box = {
    x0: Math.min(x, x + w),
    y0: Math.min(y, y + h),
    x1: Math.max(x, x + w),
    y1: Math.max(y, y + h),
  };
  return grow(element.kind === 'text' ? union(box, textBox(element)) : box, reach(element));
}

/** An element's size; of a text without one, as other clients may send it, the measured size. */
export function sizeOf(element: Element): { w: number; h: number } {
  const { w, h } = element;
  if (element.kind !== 'text' || (w !== undefined && h !== undefined)) {
    return { w: w ?? 0, h: h ?? 0 };
  }
  const measured = measuredTextSize(element);
  return { w: w ?? measured.w, h: h ?? measured.h };
}

/** The area a text covers here: its own size was measured in another browser, with other fonts. */
function textBox(element: Element): Box {
  const { x = 0, y = 0 } = element;
  const { w, h } = measuredTextSize(element);
  const right = x + sizeOf(element).w;
  const isRtl = (element.text ?? '').split('\n').some((line) => directionOf(line) === 'rtl');
  return { x0: isRtl ? Math.min(x, right - w) : x, y0: y, x1: Math.max(right, x + w), y1: y + h };
}

function reach(element: Element): number {
  if (element.kind === 'arrow') return arrowHead(element.width);
  if (element.kind === 'note') return 12;
  if (element.kind === 'text') return 2;
  return element.width;
}

/** Length of an arrow's head. */
export function arrowHead(width: number): number {
  return 8 + width * 3;
}

function boxOfPoints(points: readonly Point[]): Box {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x);
    y1 = Math.max(y1, y);
  }
  return { x0, y0, x1, y1 };
}

export function grow(box: Box, by: number): Box {
  return { x0: box.x0 - by, y0: box.y0 - by, x1: box.x1 + by, y1: box.y1 + by };
}

export function overlap(a: Box, b: Box): boolean {
  return a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1;
}

export function contains(outer: Box, inner: Box): boolean {
  return (
    outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 && outer.y1 >= inner.y1
  );
}

export function union(a: Box, b: Box): Box {
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}

/** Whether a rubber of radius `r`, drawn from `a` to `b`, touches the ink of an element. */
export function touches(element: Element, a: Point, b: Point, r: number): boolean {
  const path = grow(boxOfPoints([a, b]), r);
  if (!overlap(path, boxOf(element))) return false;
  const near = r + element.width / 2;
  if (element.points) return touchesLine(element.points, a, b, near);
  const { x = 0, y = 0 } = element;
  const { w, h } = sizeOf(element);
  switch (element.kind) {
    case 'rect':
      return touchesLine(corners(x, y, w, h), a, b, near);
    case 'ellipse':
      return touchesLine(ellipsePoints(x, y, w, h), a, b, near);
    default:
      // Texts, notes and images are solid.
      return overlap(path, {
        x0: Math.min(x, x + w),
        y0: Math.min(y, y + h),
        x1: Math.max(x, x + w),
        y1: Math.max(y, y + h),
      });
  }
}

/** Whether a tap at `p` means this element; shapes may be taken by their inside. */
export function isAt(element: Element, p: Point, r: number): boolean {
  if (touches(element, p, p, r)) return true;
  if (element.kind !== 'rect' && element.kind !== 'ellipse') return false;
  const box = boxOf(element);
  return p[0] >= box.x0 && p[0] <= box.x1 && p[1] >= box.y0 && p[1] <= box.y1;
}

function touchesLine(line: readonly Point[], a: Point, b: Point, near: number): boolean {
  const first = line[0];
  if (!first) return false;
  if (line.length === 1) return distance(first, a, b) <= near;
  for (let i = 1; i < line.length; i++) {
    const from = line[i - 1];
    const to = line[i];
    if (from && to && segmentsWithin(from, to, a, b, near)) return true;
  }
  return false;
}

function segmentsWithin(a: Point, b: Point, c: Point, d: Point, near: number): boolean {
  if (crossing(a, b, c, d)) return true;
  return (
    distance(a, c, d) <= near ||
    distance(b, c, d) <= near ||
    distance(c, a, b) <= near ||
    distance(d, a, b) <= near
  );
}

function crossing(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point) =>
    Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** From a point to a segment. */
function distance(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2;
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

function corners(x: number, y: number, w: number, h: number): Point[] {
  return [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
    [x, y],
  ];
}

function ellipsePoints(x: number, y: number, w: number, h: number): Point[] {
  return Array.from({ length: 33 }, (_, i): Point => {
    const angle = (i / 32) * 2 * Math.PI;
    return [x + (w / 2) * (1 + Math.cos(angle)), y + (h / 2) * (1 + Math.sin(angle))];
  });
}
