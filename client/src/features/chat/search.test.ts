import { expect, it } from 'vitest';
import { snippet } from './search';

const shown = (text: string, query: string) =>
  snippet(text, query)
    .map(({ text: piece, hit }) => (hit ? `[${piece}]` : piece))
    .join('');

it('marks what was looked for, in any case', () => {
  expect(shown('The Matrix is a matrix', 'matrix')).toBe('The [Matrix] is a [matrix]');
  expect(shown('a+b and (c)', '(c) a+')).toBe('[a+]b and [(c)]');
});

it('cuts a long text around the first hit', () => {
  const long = `${'x'.repeat(300)} needle ${'y'.repeat(300)}`;
  const it = shown(long, 'needle');
  expect(it).toMatch(/^…x+ \[needle\] y+…$/);
  expect(it.length).toBeLessThan(160);
});

it('shows the beginning where the server found another form of the word', () => {
  expect(shown('running late', 'ran')).toBe('running late');
  expect(shown('line\none', '')).toBe('line one');
});
