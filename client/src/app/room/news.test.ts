import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createNews } from './news';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('says a few things at a time, each for a while, none twice', () => {
  const news = createNews();
  const said = () => news.store.getState().items.map(({ words }) => words);
  for (const words of ['a', 'b', 'a', 'c', 'd']) news.tell(words);
  expect(said()).toEqual(['a', 'c', 'd']);
  vi.advanceTimersByTime(4_000);
  news.tell('e');
  vi.advanceTimersByTime(2_000);
  expect(said()).toEqual(['e']);
  news.dismiss(news.store.getState().items[0]!.id);
  expect(said()).toEqual([]);
});
