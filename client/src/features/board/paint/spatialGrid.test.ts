import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overlap, type Box } from '../model/geometry';
import { SpatialGrid } from './spatialGrid';

const coordinate = fc.integer({ min: -3_000, max: 3_000 });
const box = fc
  .tuple(coordinate, coordinate, fc.nat({ max: 4_000 }), fc.nat({ max: 4_000 }))
  .map(([x, y, w, h]): Box => ({ x0: x, y0: y, x1: x + w, y1: y + h }));

test('a query finds what looking at all of it would find', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 9 }), fc.option(box)), { maxLength: 40 }),
      box,
      (steps, area) => {
        const grid = new SpatialGrid();
        const truth = new Map<string, Box>();
        for (const [n, at] of steps) {
          const id = `e${n}`;
          if (at) {
            grid.set(id, at);
            truth.set(id, at);
          } else {
            grid.delete(id);
            truth.delete(id);
          }
        }
        const expected = [...truth].filter(([, it]) => overlap(it, area)).map(([id]) => id);
        expect([...grid.query(area)].sort()).toEqual(expected.sort());
      },
    ),
  );
});
