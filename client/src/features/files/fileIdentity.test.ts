import { expect, test } from 'vitest';
import { isSameFile, mismatchMessage } from './fileIdentity';

const pending = { name: 'film.mkv', size: 40_000_000, lastModified: 1_000 };

test('only a file of the same name, size and time is the one of a pending upload', () => {
  expect(isSameFile(pending, { ...pending })).toBe(true);
  expect(mismatchMessage(pending, { ...pending, name: 'other.mkv' })).toBe(
    'That was other.mkv, not film.mkv.',
  );
  expect(mismatchMessage(pending, { ...pending, size: 9 })).toBe(
    'That was another film.mkv: it has 9 bytes instead of 40 MB.',
  );
  expect(mismatchMessage(pending, { ...pending, size: 40_000_001 })).toBe(
    'That was another film.mkv: it has another size.',
  );
  expect(mismatchMessage(pending, { ...pending, lastModified: 1_001 })).toContain(
    'was changed since',
  );
});
