import { expect, it } from 'vitest';
import { sendPauseMessage } from './outboxSender';

it('says how long it takes, and that what is written goes out by itself', () => {
  const tooFast = { since: 0, until: 3_000, why: 'tooFast' } as const;
  const slow = { since: 0, until: 30_000, why: 'slowMode' } as const;
  expect(sendPauseMessage(tooFast, 0, 1_000)).toBe(
    'You are sending messages too fast. Try again in 2 s.',
  );
  expect(sendPauseMessage(tooFast, 2, 1_000)).toContain('goes out by itself in 2 s');
  expect(sendPauseMessage(slow, 0, 500)).toBe('Slow mode: you can write again in 30 s.');
  expect(sendPauseMessage(slow, 0, 30_000)).toBeUndefined();
});
