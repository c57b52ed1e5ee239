import { expect, test } from 'vitest';
import { fit, pan, toBoard, toScreen, visible, zoomAt } from './camera';

test.each([
  { width: 1440, height: 800 },
  { width: 390, height: 600 },
  { width: 800, height: 200 },
])('the first view shows the whole page, centred, in $width x $height', (view) => {
  const camera = fit(view);
  const seen = visible(camera, view);
  expect(seen.x0).toBeLessThanOrEqual(1e-9);
  expect(seen.y0).toBeLessThanOrEqual(1e-9);
  expect(seen.x0 + seen.x1).toBeCloseTo(1600);
  expect(seen.y0 + seen.y1).toBeCloseTo(900);
});

test('zooming keeps the point under the pointer', () => {
  const camera = fit({ width: 1000, height: 700 });
  const under = toBoard(camera, 300, 200);
  const [x, y] = toScreen(zoomAt(camera, 2.5, 300, 200), ...under);
  expect(x).toBeCloseTo(300);
  expect(y).toBeCloseTo(200);
});

test('zooming ends at both ends without moving the view', () => {
  const camera = { left: 10, top: 20, scale: 8 };
  expect(zoomAt(camera, 2, 50, 50)).toEqual(camera);
  expect(zoomAt({ ...camera, scale: 0.1 }, 0.5, 50, 50)).toEqual({ ...camera, scale: 0.1 });
});

test('panning moves by pixels whatever the zoom', () => {
  expect(pan({ left: 0, top: 0, scale: 2 }, 10, -20)).toEqual({ left: -5, top: 10, scale: 2 });
});
