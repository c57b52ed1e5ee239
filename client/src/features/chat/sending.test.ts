import { expect, it } from 'vitest';
import { heldInWords } from './sending';

it('says how long it takes, and that what is written goes out by itself', () => {
  const tooFast = { since: 0, until: 3_000, why: 'tooFast' } as const;
  const slow = { since: 0, until: 30_000, why: 'slowMode' } as const;
  expect(heldInWords(tooFast, 0, 1_000)).toBe(
    'You are sending messages too fast. Try again in 2 s.',
  );
  expect(heldInWords(tooFast, 2, 1_000)).toContain('goes out by itself in 2 s');
  expect(heldInWords(slow, 0, 500)).toBe('Slow mode: you can write again in 30 s.');
  expect(heldInWords(slow, 0, 30_000)).toBeUndefined();
});
