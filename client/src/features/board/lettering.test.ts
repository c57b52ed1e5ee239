import { expect, test } from 'vitest';
import { wrap } from './lettering';

const measure = (text: string) => text.length;

test.each([
  ['breaks between words', 'one two three', 7, ['one two', 'three']],
  ['keeps the breaks of its writer', 'a\n\nb', 7, ['a', '', 'b']],
  ['cuts a word that is wider than the column', 'abcdefgh i', 3, ['abc', 'def', 'gh', 'i']],
  ['has a line even when there is no text', '', 3, ['']],
  ['does not end in a column narrower than a letter', 'ab', 0, ['a', 'b']],
])('%s', (_name, text, width, lines) => expect(wrap(text, width, measure)).toEqual(lines));
