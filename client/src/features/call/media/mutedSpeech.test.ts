import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followMutedSpeech } from './mutedSpeech';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('speaking while muted is noticed, a cough is not, and unmuting ends it', () => {
  let level: number | undefined = 0;
  const set = vi.fn();
  const stop = followMutedSpeech(() => level, set);
  level = 0.8;
  vi.advanceTimersByTime(300);
  level = 0.1;
  vi.advanceTimersByTime(3_000);
  expect(set).not.toHaveBeenCalled();
  level = 0.8;
  vi.advanceTimersByTime(1_000);
  expect(set).toHaveBeenLastCalledWith(true);
  level = undefined;
  vi.advanceTimersByTime(100);
  expect(set).toHaveBeenLastCalledWith(false);
  stop();
  level = 0.8;
  vi.advanceTimersByTime(5_000);
  expect(set).toHaveBeenCalledTimes(2);
});

test('the hint goes when nobody has spoken for a while', () => {
  let level = 0.8;
  const set = vi.fn();
  followMutedSpeech(() => level, set);
  vi.advanceTimersByTime(1_000);
  level = 0;
  vi.advanceTimersByTime(6_000);
  expect(set.mock.calls).toEqual([[true], [false]]);
});
