import { expect, it } from 'vitest';
import { cameraFor, frameOf } from './thumbnail';

it('shows the page, and more where there is more', () => {
  expect(frameOf([])).toEqual({ x0: 0, y0: 0, x1: 1600, y1: 900 });
  const far = { id: 'a', kind: 'rect', x: 2000, y: 10, w: 100, h: 10, color: '#000', width: 2 };
  const frame = frameOf([far as never]);
  expect(frame.x1).toBeGreaterThan(2100);
  expect(frame.y1).toBe(900);
});

it('looks at all of it, from the middle', () => {
  const camera = cameraFor({ x0: 0, y0: 0, x1: 3200, y1: 900 });
  expect(camera.scale).toBeCloseTo(0.1);
  expect(camera.left).toBeCloseTo(0);
  expect(camera.top).toBeCloseTo(-450);
});
