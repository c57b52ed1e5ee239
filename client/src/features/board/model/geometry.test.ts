import { describe, expect, test, vi } from 'vitest';
import type { Element, Point } from '../../../protocol';
import { boxOf, isAt, touches } from './geometry';

// Letters of a size, without a canvas.
vi.stubGlobal('document', { createElement: () => ({ getContext: () => null }) });

const make = (element: Partial<Element> & Pick<Element, 'kind'>): Element => ({
  id: 'e',
  color: '#000',
  width: 4,
  z: 1,
  ...element,
});
const at = (element: Element, x: number, y: number, r = 2) => touches(element, [x, y], [x, y], r);

describe('the eraser', () => {
  const stroke = make({
    kind: 'stroke',
    points: [
      [0, 0],
      [100, 0],
      [100, 100],
    ],
  });

  test('takes a stroke it touches, counting the width of both', () => {
    expect(at(stroke, 50, 3)).toBe(true);
    expect(at(stroke, 50, 5)).toBe(false);
    expect(at(stroke, 50, 50)).toBe(false);
  });

  test('does not jump over a stroke when it moves fast', () => {
    expect(touches(stroke, [50, -80], [50, 80], 2)).toBe(true);
    expect(touches(stroke, [-50, -80], [-50, 80], 2)).toBe(false);
  });

  test('takes a dot', () => {
    expect(at(make({ kind: 'stroke', points: [[5, 5]] }), 6, 6)).toBe(true);
  });

  test('takes outlines by their line and not by their inside', () => {
    const box = { x: 0, y: 0, w: 100, h: 60 };
    expect(at(make({ kind: 'rect', ...box }), 50, 30)).toBe(false);
    expect(at(make({ kind: 'rect', ...box }), 100, 30)).toBe(true);
    expect(at(make({ kind: 'ellipse', ...box }), 2, 2)).toBe(false);
    expect(at(make({ kind: 'ellipse', ...box }), 50, 0)).toBe(true);
  });

  test('takes texts and notes anywhere on them', () => {
    expect(at(make({ kind: 'note', x: 0, y: 0, w: 100, h: 100 }), 50, 50)).toBe(true);
    expect(at(make({ kind: 'text', x: 0, y: 0, text: 'no size', width: 20 }), 30, 10)).toBe(true);
  });
});

test('shapes can be taken hold of inside', () => {
  const rect = make({ kind: 'rect', x: 0, y: 0, w: 100, h: 60 });
  expect(isAt(rect, [50, 30], 2)).toBe(true);
  expect(isAt(rect, [150, 30], 2)).toBe(false);
});

test('a box drawn from right to left has its corners in order', () => {
  const p: Point[] = [
    [10, 10],
    [0, 5],
  ];
  expect(boxOf(make({ kind: 'line', points: p, width: 0 }))).toEqual({
    x0: 0,
    y0: 5,
    x1: 10,
    y1: 10,
  });
  expect(boxOf(make({ kind: 'rect', x: 9, y: 9, w: -9, h: -4, width: 0 }))).toEqual({
    x0: 0,
    y0: 5,
    x1: 9,
    y1: 9,
  });
});
