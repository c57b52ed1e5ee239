import { expect, it } from 'vitest';
import { message } from './fixtures';
import { withReceipt, seenBy, seenLabel } from './receipts';

it('moves markers forward only', () => {
  const was = withReceipt({}, { userId: 'ann', seq: 5 });
  expect(withReceipt(was, { userId: 'ann', seq: 3 })).toBe(was);
  expect(withReceipt(was, { userId: 'ann', seq: 8 })).toEqual({ ann: 8 });
});

it('names who has seen the last message, but not who wrote it, nor oneself', () => {
  const messages = [message(1), message(4, { senderId: 'ann' })];
  expect(seenBy(messages, { ann: 9, ben: 4, cem: 3, me: 9 }, 'me')).toEqual(['ben']);
  expect(seenBy([], { ben: 4 }, 'me')).toEqual([]);
});

it('says it in one line', () => {
  expect(seenLabel([])).toBe('');
  expect(seenLabel(['Ann', 'Ben'])).toBe('Seen by Ann, Ben');
  expect(seenLabel(['A', 'B', 'C', 'D', 'E'])).toBe('Seen by A, B, C and 2 more');
});
