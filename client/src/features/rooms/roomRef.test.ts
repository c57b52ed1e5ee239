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
    // As people type, copy and quote it.
    ['ABC DEFG HIJ', 'abc-defg-hij'],
    ['abcdefghij', 'abc-defg-hij'],
    ['abc–defg–hij.', 'abc-defg-hij'],
    ['<abc-defg-hij>', 'abc-defg-hij'],
    ['ａｂｃ－ｄｅｆｇ－ｈｉｊ', 'abc-defg-hij'],
    ['\u200babc-defg-hij\u2069', 'abc-defg-hij'],
    ['(https://rooms.example.org/r/abc-defg-hij).', 'abc-defg-hij'],
    ['<https://rooms.example.org/r/abc-defg-hij>', 'abc-defg-hij'],
    ['come to https://rooms.example.org/r/abc-defg-hij, please', 'abc-defg-hij'],
    ['https://rooms.example.org/r/abc-defg-hij。', 'abc-defg-hij'],
    ['https://rooms.example.org/r/abc%20defg%20hij', 'abc-defg-hij'],
    ['018f2c1e-7b3a-7c00-8000-0123456789ab', '018f2c1e-7b3a-7c00-8000-0123456789ab'],
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
