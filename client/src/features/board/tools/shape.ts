import type { Element, Point } from '../../../protocol';
import type { ToolContext, Gesture } from './gesture';

export type ShapeKind = 'line' | 'arrow' | 'rect' | 'ellipse';

/** Smaller ones, in pixels, were a slip of the hand. */
const MIN_PX = 4;

export function startShape(drawing: ToolContext, kind: ShapeKind, start: Point): Gesture {
  const { color, width } = drawing;
  const base = { id: drawing.newId(), kind, color, width };
  let shape: Element | undefined;

  return {
    move(points, straight) {
      const end = points.at(-1);
      if (!end) return;
      shape = { ...base, ...extent(kind, start, straight ? straighten(kind, start, end) : end) };
      drawing.preview([shape]);
    },
    end() {
      drawing.preview([]);
      if (!shape || reach(shape) * drawing.scale < MIN_PX) return;
      drawing.draw([{ type: 'put', element: shape }]);
      drawing.record({ kind: 'remove', ids: [shape.id] });
    },
    cancel: () => drawing.preview([]),
  };
}

function extent(kind: ShapeKind, [ax, ay]: Point, [bx, by]: Point): Partial<Element> {
  const near = (value: number) => Math.round(value * 100) / 100;
  if (kind === 'line' || kind === 'arrow') {
    return {
      points: [
        [near(ax), near(ay)],
        [near(bx), near(by)],
      ],
    };
  }
  return {
    x: near(Math.min(ax, bx)),
    y: near(Math.min(ay, by)),
    w: near(Math.abs(bx - ax)),
    h: near(Math.abs(by - ay)),
  };
}

function straighten(kind: ShapeKind, [ax, ay]: Point, [bx, by]: Point): Point {
  const [dx, dy] = [bx - ax, by - ay];
  if (kind === 'line' || kind === 'arrow') {
    const step = Math.PI / 12;
    const angle = Math.round(Math.atan2(dy, dx) / step) * step;
    const length = Math.hypot(dx, dy);
    return [ax + length * Math.cos(angle), ay + length * Math.sin(angle)];
  }
  const side = Math.max(Math.abs(dx), Math.abs(dy));
  return [ax + side * (Math.sign(dx) || 1), ay + side * (Math.sign(dy) || 1)];
}

function reach({ points, w = 0, h = 0 }: Element): number {
  const [a, b] = points ?? [];
  return a && b ? Math.hypot(b[0] - a[0], b[1] - a[1]) : Math.max(w, h);
}
