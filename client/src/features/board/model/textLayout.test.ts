import { expect, test } from 'vitest';
import { wrapText } from './textLayout';

const measure = (text: string) => text.length;

test.each([
  ['breaks between words', 'one two three', 7, ['one two', 'three']],
  ['keeps the breaks of its writer', 'a\n\nb', 7, ['a', '', 'b']],
  ['cuts a word that is wider than the column', 'abcdefgh i', 3, ['abc', 'def', 'gh', 'i']],
  ['has a line even when there is no text', '', 3, ['']],
  ['does not end in a column narrower than a letter', 'ab', 0, ['a', 'b']],
  ['never cuts a letter from its marks', 'e\u0301e\u0301', 3, ['e\u0301', 'e\u0301']],
])('%s', (_name, text, width, lines) => expect(wrapText(text, width, measure)).toEqual(lines));

test.each([
  ['one letter', 'm', 1],
  ['letters that take no room', '\u200b', 0],
  ['words that take no room', '\u200b ', 0],
  ['marks on one letter', '\u0301', 0],
])('measures each letter a few times only: %s, again and again', (_name, bit, wide) => {
  const text = bit.repeat(4000 / bit.length);
  for (const width of [1, 30, 10_000]) {
    let measured = 0;
    wrapText(text, width, (part) => {
      measured += part.length;
      return part.length * wide;
    });
    expect(measured).toBeLessThan(text.length * 40);
  }
});
