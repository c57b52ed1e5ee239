import { expect, it, test, vi } from 'vitest';
import type { Element } from '../../../protocol';
import { contentBox, scaleFor } from './exportPicture';

// Letters of a size, without a canvas.
vi.stubGlobal('document', { createElement: () => ({ getContext: () => null }) });

const ink = { color: '#000', width: 6 };

it('holds the head of an arrow, and letters beyond the size that their writer gave', () => {
  const arrow = { id: 'a', kind: 'arrow', ...ink, points: [[0, 0], [500, 0]] }; // prettier-ignore
  const { y0, y1 } = contentBox([arrow as Element]);
  expect(y0).toBeLessThan(-26);
  expect(y1).toBeGreaterThan(26);
  const text = { id: 't', kind: 'text', ...ink, width: 20, x: 0, y: 0, w: 1, h: 1 };
  const { x1 } = contentBox([{ ...text, kind: 'text', text: '漢'.repeat(30) }]);
  expect(x1).toBeGreaterThan(300);
});

it('shows the page when nothing is drawn', () => {
  expect(contentBox([])).toEqual({ x0: 0, y0: 0, x1: 1600, y1: 900 });
});

test.each([
  ['a page', 1600, 900, 2],
  ['a wide board', 40_000, 100, 8_192 / 40_000],
  ['a large board', 8_000, 8_000, 0.5],
])('is as sharp as its size allows: %s', (_name, x1, y1, scale) => {
  expect(scaleFor({ x0: 0, y0: 0, x1, y1 })).toBeCloseTo(scale);
});
