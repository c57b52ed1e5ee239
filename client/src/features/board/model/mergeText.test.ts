import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeText } from './mergeText';

it.each([
  ['in different places', 'one two three', 'ONE two three', 'one two THREE', 'ONE two THREE'],
  ['one below the other', 'a\nb', 'a!\nb', 'a\nb?', 'a!\nb?'],
  ['in the same place', 'one', 'one two', 'one three', 'one two\none three'],
  ['to nothing by one', 'one', '', 'one more', ' more'],
  ['alike', 'a', 'ab', 'ab', 'ab'],
  ['by the other only', 'a', 'ab', 'a', 'ab'],
  ['by oneself only', 'a', 'a', 'ab', 'ab'],
])('keeps what two people changed %s', (_how, base, theirs, mine, both) =>
  expect(mergeText(base, theirs, mine)).toBe(both),
);

it('loses no word that anyone added', () => {
  const text = fc
    .array(fc.constantFrom('a ', 'b ', '\n'), { maxLength: 12 })
    .map((it) => it.join(''));
  const place = fc.nat(24);
  fc.assert(
    fc.property(text, place, place, (base, one, other) => {
      const put = (at: number, word: string) => base.slice(0, at) + word + base.slice(at);
      const both = mergeText(base, put(one, '<theirs>'), put(other, '<mine>'));
      expect(both).toContain('<theirs>');
      expect(both).toContain('<mine>');
    }),
  );
});
