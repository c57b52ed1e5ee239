import { expect, test } from 'vitest';
import { nextThrift, NO_PICTURE, PLENTY, type Sending, type Thrift } from './thrift';

const after = (start: Thrift, looks: number, sending: Sending): Thrift =>
  Array.from({ length: looks }).reduce<Thrift>((now) => nextThrift(now, sending), start);
const fine: Sending = { limitedBy: 'none', available: 2_000_000 };
const hot: Sending = { limitedBy: 'cpu', available: 2_000_000 };
const starved: Sending = { limitedBy: 'bandwidth', available: 40_000 };

test('one bad look is nothing, two cost a step', () => {
  expect(after(PLENTY, 1, hot).level).toBe(0);
  expect(after(PLENTY, 2, hot).level).toBe(1);
  expect(nextThrift(after(PLENTY, 1, hot), fine).strained).toBe(0);
});

test('a slow machine never loses the picture, a line that carries nothing does', () => {
  expect(after(PLENTY, 50, hot).level).toBe(NO_PICTURE - 1);
  expect(after(PLENTY, 50, starved).level).toBe(NO_PICTURE);
});

test('it comes back step by step, and all the way', () => {
  const down = after(PLENTY, 4, hot);
  expect(down.level).toBe(2);
  expect(after(down, down.patience - 1, fine).level).toBe(2);
  expect(after(down, down.patience, fine).level).toBe(1);
  expect(after(down, 200, fine).level).toBe(0);
  expect(after(after(PLENTY, 50, starved), 200, fine).level).toBe(0);
});

test('what swings swings ever more slowly', () => {
  let now = PLENTY;
  const risesAt: number[] = [];
  for (let look = 0; look < 300; look++) {
    const before = now.level;
    now = nextThrift(now, now.level === 0 ? hot : fine);
    if (before === 1 && now.level === 0) risesAt.push(look);
  }
  const waits = risesAt.map((at, n) => at - (risesAt[n - 1] ?? 0));
  expect(waits[2]).toBeGreaterThan(waits[0]!);
  expect(risesAt.length).toBeLessThan(15);
});
