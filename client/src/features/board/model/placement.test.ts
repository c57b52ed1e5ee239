import { expect, it } from 'vitest';
import { avoidOverlap, placePicture } from './placement';

const view = { camera: { left: 100, top: 50, scale: 2 }, size: { width: 800, height: 600 } };

it('fits a large picture into half of the view, its shape kept, in the middle', () => {
  // 800 by 600 pixels show 400 by 300 of the board, from (100, 50).
  expect(placePicture({ width: 4_000, height: 1_000 }, view)).toEqual({
    x: 200,
    y: 175,
    w: 200,
    h: 50,
  });
  expect(placePicture({ width: 1_000, height: 4_000 }, view)).toEqual({
    x: 281.25,
    y: 125,
    w: 37.5,
    h: 150,
  });
});

it('shows a small one as large as it is, and a tiny one larger', () => {
  expect(placePicture({ width: 100, height: 80 }, view)).toMatchObject({ w: 50, h: 40 });
  expect(placePicture({ width: 4, height: 2 }, view)).toMatchObject({ w: 24, h: 12 });
});

it('puts its middle where it was dropped', () => {
  expect(placePicture({ width: 100, height: 80 }, view, [10, 20])).toEqual({
    x: -15,
    y: 0,
    w: 50,
    h: 40,
  });
});

it('lies beside one that is there', () => {
  const place = { x: 0, y: 0, w: 50, h: 40 };
  expect(avoidOverlap(place, [], 2)).toBe(place);
  const taken = [place, { ...place, x: 14, y: 14 }];
  expect(avoidOverlap(place, taken, 2)).toEqual({ ...place, x: 28, y: 28 });
});
