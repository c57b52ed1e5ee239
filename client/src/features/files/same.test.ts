import { expect, test } from 'vitest';
import { isSame, whyOther } from './same';

const begun = { name: 'film.mkv', size: 40_000_000, lastModified: 1_000 };

test('only a file of the same name, size and time is the one that was begun', () => {
  expect(isSame(begun, { ...begun })).toBe(true);
  expect(whyOther(begun, { ...begun, name: 'other.mkv' })).toBe(
    'That was other.mkv, not film.mkv.',
  );
  expect(whyOther(begun, { ...begun, size: 9 })).toBe(
    'That was another film.mkv: it has 9 bytes instead of 40 MB.',
  );
  expect(whyOther(begun, { ...begun, size: 40_000_001 })).toBe(
    'That was another film.mkv: it has another size.',
  );
  expect(whyOther(begun, { ...begun, lastModified: 1_001 })).toContain('was changed since');
});
