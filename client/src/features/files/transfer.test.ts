import { expect, test } from 'vitest';
import { storedBytes } from './transfer';

test('what is there is counted by the parts, the last of which is shorter', () => {
  const parts = { size: 16, count: 3 };
  expect(storedBytes({ uploadId: 'u', parts, stored: [] }, 40)).toBe(0);
  expect(storedBytes({ uploadId: 'u', parts, stored: [1, 3] }, 40)).toBe(24);
  expect(storedBytes({ uploadId: 'u', parts, stored: [1, 2, 3] }, 40)).toBe(40);
  expect(storedBytes({ uploadId: 'u', stored: [] }, 40)).toBe(0);
});
