import { expect, test } from 'vitest';
import {
  nextDegradation,
  VIDEO_OFF,
  NO_DEGRADATION,
  type SendStats,
  type Degradation,
} from './degradation';

const after = (start: Degradation, looks: number, sending: SendStats): Degradation =>
  Array.from({ length: looks }).reduce<Degradation>((now) => nextDegradation(now, sending), start);
const fine: SendStats = { limitedBy: 'none', available: 2_000_000 };
const hot: SendStats = { limitedBy: 'cpu', available: 2_000_000 };
const starved: SendStats = { limitedBy: 'bandwidth', available: 40_000 };

test('one bad look is nothing, two cost a step', () => {
  expect(after(NO_DEGRADATION, 1, hot).level).toBe(0);
  expect(after(NO_DEGRADATION, 2, hot).level).toBe(1);
  expect(nextDegradation(after(NO_DEGRADATION, 1, hot), fine).strained).toBe(0);
});

test('a slow machine never loses the picture, a line that carries nothing does', () => {
  expect(after(NO_DEGRADATION, 50, hot).level).toBe(VIDEO_OFF - 1);
  expect(after(NO_DEGRADATION, 50, starved).level).toBe(VIDEO_OFF);
});

test('it comes back step by step, and all the way', () => {
  const down = after(NO_DEGRADATION, 4, hot);
  expect(down.level).toBe(2);
  expect(after(down, down.patience - 1, fine).level).toBe(2);
  expect(after(down, down.patience, fine).level).toBe(1);
  expect(after(down, 200, fine).level).toBe(0);
  expect(after(after(NO_DEGRADATION, 50, starved), 200, fine).level).toBe(0);
});

test('what swings swings ever more slowly', () => {
  let now = NO_DEGRADATION;
  const risesAt: number[] = [];
  for (let look = 0; look < 300; look++) {
    const before = now.level;
    now = nextDegradation(now, now.level === 0 ? hot : fine);
    if (before === 1 && now.level === 0) risesAt.push(look);
  }
  const waits = risesAt.map((at, n) => at - (risesAt[n - 1] ?? 0));
  expect(waits[2]).toBeGreaterThan(waits[0]!);
  expect(risesAt.length).toBeLessThan(15);
});
