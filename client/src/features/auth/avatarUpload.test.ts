import { expect, it } from 'vitest';
import { centreSquare } from './avatarUpload';

it.each([
  [400, 300, { x: 50, y: 0, side: 300 }],
  [300, 401, { x: 0, y: 50, side: 300 }],
  [7, 7, { x: 0, y: 0, side: 7 }],
])('cuts the middle out of %d x %d', (width, height, cut) =>
  expect(centreSquare(width, height)).toEqual(cut),
);
