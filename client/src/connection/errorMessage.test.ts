import { expect, it } from 'vitest';
import { randomId } from './randomId';
import { RequestError } from './types';
import { errorMessage } from './errorMessage';

it('says it better where the place is known', () => {
  const error = new RequestError('conflict', 'x', false);
  expect(errorMessage(error, { conflict: 'Taken.' })).toBe('Taken.');
  expect(errorMessage(error)).not.toContain('x');
});

it('says how long to wait when it is long', () => {
  const words = (ms: number) => errorMessage(new RequestError('rate_limited', '', true, ms));
  expect(words(30_000)).toContain('Try again in 30 s.');
  expect(words(600_000)).toContain('10 minutes');
  expect(words(500)).toContain('in 1 s');
  expect(words(0)).toContain('a moment');
  const fast = new RequestError('rate_limited', '', true, 2_000);
  const said = errorMessage(fast, { rate_limited: 'You are sending messages too fast.' });
  expect(said).toBe('You are sending messages too fast. Try again in 2 s.');
});

it('never shows what a programmer threw', () => {
  expect(errorMessage(new TypeError('undefined is not a function'))).not.toContain('undefined');
});

it('makes ids that look like UUIDs and do not repeat', () => {
  const ids = new Set(Array.from({ length: 200 }, randomId));
  expect(ids.size).toBe(200);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
