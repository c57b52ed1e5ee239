import { expect, it } from 'vitest';
import { NEW_ROOM, nextOf, withNext } from './next';

it('goes back to where one was going', () => {
  expect(nextOf(withNext('/sign-in', '/r/a?b=c').split('?')[1] ?? '')).toBe('/r/a?b=c');
});

it('goes on to a new room after signing up', () => {
  expect(nextOf(withNext('/sign-up', NEW_ROOM).split('?')[1] ?? '')).toBe('/lobby?new');
});

it.each(['', 'next=', 'next=https://evil.org', 'next=//evil.org', 'next=/%5Cevil.org'])(
  'goes nowhere else: %j',
  (search) => expect(nextOf(search)).toBe('/lobby'),
);
