import { expect, test } from 'vitest';
import { linkStatusText } from './linkStatusText';

test('while all is well nothing is said', () => {
  expect(linkStatusText({ phase: 'connected', failureReason: 'noRoute' }, false)).toBeUndefined();
});

test('a reason, where there is one, and never only that it takes long', () => {
  expect(linkStatusText({ phase: 'connecting' }, false)).toBe('Connecting…');
  expect(linkStatusText({ phase: 'connecting', failureReason: 'refused' }, false)).toContain(
    'TURN secret',
  );
  expect(linkStatusText({ phase: 'reconnecting', failureReason: 'noAnswer' }, true)).toBe(
    'No answer yet',
  );
  expect(linkStatusText({ phase: 'unreachable' }, false)).toContain('trying on');
});

test('what can never be is not said to be tried', () => {
  for (const failureReason of ['unableHere', 'unableThere'] as const) {
    for (const small of [true, false]) {
      const words = linkStatusText({ phase: 'impossible', failureReason }, small);
      expect(words).toMatch(/^No calls$|cannot make calls/);
      expect(words).not.toContain('trying');
    }
  }
});
