import type { Chance } from './chance.ts';

/** What stands in a value for words that JSON cannot write; see `toText`. */
const mark = '@raw:';

export const strings = [
  '',
  ' ',
  '\u0000',
  '\u202e\u200b\ufeff',
  '😀'.repeat(40),
  'e\u0301'.repeat(300),
  '__proto__',
  '../../etc/passwd',
  "'; DROP TABLE rooms; --",
  '$where',
  '2026-01-01T00:00:00Z',
  'null',
  '1e5',
  '\ud800',
];

export const numbers = [
  0,
  -0,
  -1,
  1,
  0.1,
  -0.5,
  1e308,
  5e-324,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 63),
];

const words = [
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '-1e999',
  '01',
  '1.',
  '.5',
  '0x10',
  'undefined',
  "'single'",
  '18446744073709551616',
  '-9223372036854775809',
  '"\\ud800"',
  '"\\u12"',
  '"\\x41"',
  '{"a":1,"a":2}',
  '[1,]',
  '{,}',
];

/** A value that is hardly ever what a field asks for. */
export function junk(chance: Chance): unknown {
  const kind = chance.random();
  if (kind < 0.2) return chance.of(strings);
  if (kind < 0.4) return chance.of(numbers);
  if (kind < 0.5) return chance.of([true, false, null]);
  if (kind < 0.6) return chance.of([[], {}, [[]], [{}], [null], { _placeholder: true, num: 0 }]);
  if (kind < 0.72) return mark + chance.of(words);
  if (kind < 0.8) return nested(chance);
  if (kind < 0.88) return { [chance.of(strings)]: junk(chance), toString: 1, __proto__: null };
  if (kind < 0.95) return Array.from({ length: chance.whole(1, 9) }, () => junk(chance));
  return big(chance);
}

function nested(chance: Chance): unknown {
  let value: unknown = chance.of([0, [], {}, 'x']);
  const isArray = chance.in(0.5);
  for (let depth = chance.of([10, 126, 127, 128, 129, 600, 2000]); depth > 0; depth--) {
    value = isArray ? [value] : { a: value };
  }
  return value;
}

/** Seldom really big: ten thousands of packets must fit in a minute. */
export function big(chance: Chance): unknown {
  const size = chance.of([300, 300, 3_000, 3_000, 30_000, chance.in(0.1) ? 1_000_000 : 300]);
  return chance.of([() => 'x'.repeat(size), () => Array.from({ length: size }, () => 0)])();
}

/** JSON, but for the raw words in it. */
export function toText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.replaceAll(/"@raw:((?:[^"\\]|\\.)*)"/g, (_, word: string) =>
    String(JSON.parse(`"${word}"`)),
  );
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
