import { expect, test } from 'vitest';
import { callCommandOf, type Key } from './shortcuts';

const press = (key: string, more: Partial<Key> = {}) =>
  callCommandOf({
    key,
    code: '',
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

test('by their place where others letters are on the keys', () => {
  expect([press('ь', { code: 'KeyM' }), press('с', { code: 'KeyC' })]).toEqual(['mic', 'camera']);
  expect(press('ו', { code: 'KeyU' })).toBeUndefined();
});

test.each(['ctrlKey', 'metaKey', 'altKey', 'shiftKey', 'repeat'] as const)('not with %s', (name) =>
  expect(press('m', { [name]: true })).toBeUndefined(),
);
