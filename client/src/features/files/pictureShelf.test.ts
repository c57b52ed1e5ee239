import { expect, it } from 'vitest';
import { PictureShelf, sideFor } from './pictureShelf';

function bitmap(width: number, height = width) {
  return {
    width,
    height,
    closed: false,
    close() {
      this.closed = true;
    },
  };
}

it('keeps what fits, and lets go first what was not looked at for longest', () => {
  const shelf = new PictureShelf<ReturnType<typeof bitmap>>(300);
  const [a, b, c] = [bitmap(10), bitmap(10), bitmap(10)];
  shelf.set('a', a);
  shelf.set('b', b);
  shelf.set('c', c);
  expect(shelf.get('a')).toBe(a);
  shelf.set('d', bitmap(10));
  expect(shelf.get('b')).toBeUndefined();
  expect([a.closed, b.closed, c.closed]).toEqual([false, true, false]);
  // Larger than all there is room for: it alone.
  shelf.set('e', bitmap(100));
  expect(['a', 'c', 'd'].map((key) => shelf.get(key))).toEqual([undefined, undefined, undefined]);
  expect(shelf.get('e')).toBeDefined();
});

it('counts what is replaced and deleted no longer', () => {
  const shelf = new PictureShelf<ReturnType<typeof bitmap>>(200);
  shelf.set('a', bitmap(10));
  shelf.set('a', bitmap(10));
  shelf.delete('a');
  shelf.delete('a');
  shelf.set('b', bitmap(10));
  shelf.set('c', bitmap(10));
  expect(shelf.get('b')).toBeDefined();
});

it('has all of any number fit', () => {
  for (const count of [1, 5, 6, 40, 400, 1400]) {
    expect(sideFor(count) ** 2 * count).toBeLessThanOrEqual(24_000_000);
  }
  expect(sideFor(1)).toBe(2048);
  expect(sideFor(100_000)).toBe(128);
});
