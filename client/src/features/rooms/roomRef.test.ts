import { describe, expect, it } from 'vitest';
import { parseRoomRef } from './roomRef';

describe('a code or link', () => {
  it.each([
    ['abcd-efgh', 'abcd-efgh'],
    ['  ABC123 ', 'ABC123'],
    ['https://rooms.example.org/r/abcd-efgh', 'abcd-efgh'],
    ['http://localhost:3000/r/abcd?x=1#y', 'abcd'],
    ['rooms.example.org/r/abcd/', 'abcd'],
    ['/r/abcd', 'abcd'],
  ])('%j is %s', (typed, ref) => expect(parseRoomRef(typed)).toBe(ref));

  it.each([
    '',
    '  ',
    'two words',
    'https://example.org/',
    'https://example.org/r/%zz',
    'ab',
    '<b>',
  ])('%j is none', (typed) => expect(parseRoomRef(typed)).toBeUndefined());
});
