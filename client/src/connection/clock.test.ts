import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onClockJump, secondsLeft } from './clock';

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

it('tells that the clock was set, forward or back, and not that time passes', () => {
  const moved = vi.fn();
  const stop = onClockJump(moved);
  vi.advanceTimersByTime(3_600_000);
  expect(moved).not.toHaveBeenCalled();
  vi.setSystemTime(Date.now() + 600_000);
  vi.advanceTimersByTime(6_000);
  vi.setSystemTime(Date.now() - 900_000);
  vi.advanceTimersByTime(60_000);
  expect(moved).toHaveBeenCalledTimes(2);
  stop();
  vi.setSystemTime(0);
  vi.advanceTimersByTime(60_000);
  expect(moved).toHaveBeenCalledTimes(2);
});

it('counts a second that has begun, and none for the error of a difference of two readings', () => {
  const since = 1_896.902_989_424_669_4;
  const until = since + 2_000;
  expect(Math.ceil((until - since) / 1000)).toBe(3);
  expect(secondsLeft(until - since)).toBe(2);
  expect([0, 1, 999, 1_000, 1_001].map(secondsLeft)).toEqual([0, 1, 1, 1, 2]);
});
