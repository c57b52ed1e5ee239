import { expect, it } from 'vitest';
import { keyOf, letterOf } from './keys';

it.each([
  ['Enter', 13, false, 'Enter'],
  ['Enter', 13, true, ''],
  // Safari: after compositionend.
  ['Enter', 229, false, ''],
  ['Escape', 229, false, ''],
  ['Escape', 27, false, 'Escape'],
])('%s with code %i, composing: %s', (key, keyCode, isComposing, expected) => {
  expect(keyOf({ key, keyCode, isComposing })).toBe(expected);
  expect(keyOf({ nativeEvent: { key, keyCode, isComposing } })).toBe(expected);
});

it.each([
  ['z', 'KeyZ', 'Z'],
  // QWERTZ and AZERTY say what is on the key.
  ['z', 'KeyY', 'Z'],
  ['a', 'KeyQ', 'A'],
  // Cyrillic, Greek, Hebrew, Arabic (one key types two letters), Devanagari, Korean.
  ['я', 'KeyZ', 'Z'],
  ['Я', 'KeyZ', 'Z'],
  ['ζ', 'KeyZ', 'Z'],
  ['ז', 'KeyZ', 'Z'],
  ['لا', 'KeyB', 'B'],
  ['ा', 'KeyE', 'E'],
  ['ㅋ', 'KeyZ', 'Z'],
  ['٠', 'Digit0', '0'],
  ['0', 'Digit0', '0'],
  ['ё', 'Backquote', undefined],
  ['é', 'Digit2', undefined],
  ['Dead', 'KeyE', undefined],
  ['Enter', 'Enter', undefined],
  [' ', 'Space', undefined],
])('the key that types %s at %s is %s', (key, code, letter) =>
  expect(letterOf({ key, code })).toBe(letter),
);
