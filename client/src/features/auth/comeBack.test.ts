import { expect, it } from 'vitest';
import { comeBackWords } from './comeBack';

it('says something for every code, and nothing without one', () => {
  expect(comeBackWords(null)).toBeUndefined();
  expect(comeBackWords('conflict')).toContain('password');
  expect(comeBackWords('<script>')).toBe(
    'Signing in at the other site did not work. Please try again.',
  );
});
