import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createToasts } from './toasts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('says a few things at a time, each for a while, none twice', () => {
  const toasts = createToasts();
  const said = () => toasts.store.getState().items.map(({ words }) => words);
  for (const words of ['a', 'b', 'a', 'c', 'd']) toasts.show(words);
  expect(said()).toEqual(['a', 'c', 'd']);
  vi.advanceTimersByTime(4_000);
  toasts.show('e');
  vi.advanceTimersByTime(2_000);
  expect(said()).toEqual(['e']);
  toasts.dismiss(toasts.store.getState().items[0]!.id);
  expect(said()).toEqual([]);
});
