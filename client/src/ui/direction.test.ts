import { expect, it } from 'vitest';
import { directionOf, isolated } from './direction';

it.each([
  ['a name that runs as the sentence does', 'Ann Lee', 'Ann Lee'],
  ['Japanese', '学生', '学生'],
  ['Hebrew', 'דנה', '\u2068דנה\u2069'],
  ['Arabic with digits', 'سارة 2', '\u2068سارة 2\u2069'],
  ['an override, which does not hold', 'a\u202enimdA', '\u2068animdA\u2069'],
  ['an isolate that is left open', 'x\u2067', '\u2068x\u2069'],
])('keeps %s to itself', (_what, name, expected) => expect(isolated(name)).toBe(expected));

it.each([
  ['hello', 'ltr'],
  ['שלום', 'rtl'],
  ['1. مرحبا', 'rtl'],
  ['42', 'ltr'],
  ['a שלום', 'ltr'],
])('%s runs %s', (text, way) => expect(directionOf(text)).toBe(way));
