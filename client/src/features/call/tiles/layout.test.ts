import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrange, GAP, perPage, tileRows } from './layout';

test.each([
  [1, 1200, 700, 1],
  [2, 1200, 700, 2],
  [2, 390, 700, 1],
  [4, 1200, 700, 2],
  [5, 1200, 700, 3],
  [9, 1200, 700, 3],
])('%i tiles in %i x %i stand in %i columns', (count, width, height, columns) => {
  expect(tileRows(count, width, height).columns).toBe(columns);
});

test('all tiles fit into the place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 200, max: 2_500 }),
      fc.integer({ min: 150, max: 1_500 }),
      (count, width, height) => {
        const tiles = tileRows(count, width, height);
        const rows = Math.ceil(count / tiles.columns);
        expect(tiles.columns * tiles.width + (tiles.columns - 1) * GAP).toBeLessThanOrEqual(width);
        expect(rows * tiles.height + (rows - 1) * GAP).toBeLessThanOrEqual(height);
      },
    ),
  );
});

test('a shared screen takes the room and the faces lie along its longer side', () => {
  const place = { people: 3, focus: true, compact: false };
  expect(arrange({ ...place, width: 1200, height: 700 })).toMatchObject({
    kind: 'focus',
    along: 'y',
  });
  expect(arrange({ ...place, width: 390, height: 700 })).toMatchObject({
    kind: 'focus',
    along: 'x',
  });
});

test('beside the board the faces are a strip', () => {
  const it = arrange({ people: 3, focus: false, compact: true, width: 900, height: 112 });
  expect(it).toEqual({ kind: 'strip', along: 'x', tile: { width: 168, height: 112 } });
});

test('a phone shows a few at once and a desk more, but never none nor a crowd', () => {
  expect(perPage(374, 560)).toBe(8);
  expect(perPage(1_000, 700)).toBe(16);
  expect(perPage(5_000, 5_000)).toBe(16);
  expect(perPage(0, 0)).toBe(1);
});
