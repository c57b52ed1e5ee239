import { expect, it } from 'vitest';
import { BitmapCache, maxSideFor } from './bitmapCache';

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
  const cache = new BitmapCache<ReturnType<typeof bitmap>>(300);
  const [a, b, c] = [bitmap(10), bitmap(10), bitmap(10)];
  cache.set('a', a);
  cache.set('b', b);
  cache.set('c', c);
  expect(cache.get('a')).toBe(a);
  cache.set('d', bitmap(10));
  expect(cache.get('b')).toBeUndefined();
  expect([a.closed, b.closed, c.closed]).toEqual([false, true, false]);
  // Larger than all there is room for: it alone.
  cache.set('e', bitmap(100));
  expect(['a', 'c', 'd'].map((key) => cache.get(key))).toEqual([undefined, undefined, undefined]);
  expect(cache.get('e')).toBeDefined();
});

it('counts what is replaced and deleted no longer', () => {
  const cache = new BitmapCache<ReturnType<typeof bitmap>>(200);
  cache.set('a', bitmap(10));
  cache.set('a', bitmap(10));
  cache.delete('a');
  cache.delete('a');
  cache.set('b', bitmap(10));
  cache.set('c', bitmap(10));
  expect(cache.get('b')).toBeDefined();
});

it('has all of any number fit', () => {
  for (const count of [1, 5, 6, 40, 400, 1400]) {
    expect(maxSideFor(count) ** 2 * count).toBeLessThanOrEqual(24_000_000);
  }
  expect(maxSideFor(1)).toBe(2048);
  expect(maxSideFor(100_000)).toBe(128);
});
