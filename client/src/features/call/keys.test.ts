import { expect, test } from 'vitest';
import { callCommandOf, type Key } from './keys';

const press = (key: string, more: Partial<Key> = {}) =>
  callCommandOf({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    repeat: false,
    ...more,
  });

test('single keys, in either case', () => {
  expect(['m', 'M', 'c', 's', 'h', ' '].map((key) => press(key))).toEqual([
    'mic',
    'mic',
    'camera',
    'screen',
    'hand',
    'talk',
  ]);
  expect(press('x')).toBeUndefined();
});

test.each(['ctrlKey', 'metaKey', 'altKey', 'shiftKey', 'repeat'] as const)('not with %s', (name) =>
  expect(press('m', { [name]: true })).toBeUndefined(),
);
