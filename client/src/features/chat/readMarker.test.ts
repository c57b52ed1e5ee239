import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createReadMarker } from './readMarker';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('tells at once, then once a second, the newest only', async () => {
  const tell = vi.fn((_seq: number) => Promise.resolve());
  const marker = createReadMarker(tell);
  for (let seq = 1; seq <= 5; seq += 1) marker.seen(seq);
  expect(tell.mock.calls).toEqual([[1]]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(tell.mock.calls).toEqual([[1], [5]]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(tell).toHaveBeenCalledTimes(2);
});

it('says nothing that is known', () => {
  const tell = vi.fn((_seq: number) => Promise.resolve());
  const marker = createReadMarker(tell);
  marker.known(7);
  marker.seen(7);
  expect(tell).not.toHaveBeenCalled();
});

it('says it again after it failed', async () => {
  const tell = vi.fn<(seq: number) => Promise<void>>();
  tell.mockRejectedValueOnce(new Error('offline')).mockResolvedValue();
  const marker = createReadMarker(tell);
  marker.seen(3);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(tell.mock.calls).toEqual([[3], [3]]);
});
