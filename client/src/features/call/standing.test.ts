import { expect, test } from 'vitest';
import { standingOf } from './standing';

test('while all is well nothing is said', () => {
  expect(standingOf({ phase: 'connected', trouble: 'noRoute' }, false)).toBeUndefined();
});

test('a reason, where there is one, and never only that it takes long', () => {
  expect(standingOf({ phase: 'connecting' }, false)).toBe('Connecting…');
  expect(standingOf({ phase: 'connecting', trouble: 'refused' }, false)).toContain('TURN secret');
  expect(standingOf({ phase: 'reconnecting', trouble: 'noAnswer' }, true)).toBe('No answer yet');
  expect(standingOf({ phase: 'unreachable' }, false)).toContain('trying on');
});

test('what can never be is not said to be tried', () => {
  for (const trouble of ['unableHere', 'unableThere'] as const) {
    for (const small of [true, false]) {
      const words = standingOf({ phase: 'impossible', trouble }, small);
      expect(words).toMatch(/^No calls$|cannot make calls/);
      expect(words).not.toContain('trying');
    }
  }
});
