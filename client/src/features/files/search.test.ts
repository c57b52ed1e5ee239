import { expect, it } from 'vitest';
import type { FileMeta } from '../../protocol';
import { matchingFiles } from './search';
import { formatSize } from './formatSize';

const file = (name: string, userName: string) => ({ name, userName }) as FileMeta;

it('finds by parts of the name and by who shared it, whatever the accents', () => {
  const files = [file('Übung 1.pdf', 'Ann'), file('notes.txt', 'Bén')];
  const names = (words: string) => matchingFiles(files, words).map((it) => it.name);
  expect(names('ubung')).toEqual(['Übung 1.pdf']);
  expect(names('NOTES ben')).toEqual(['notes.txt']);
  expect(names('notes ann')).toEqual([]);
  expect(names(' ')).toHaveLength(2);
});

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1500, '1.5 kB'],
  [12_345_678, '12 MB'],
])('%d bytes are %s', (bytes, words) => expect(formatSize(bytes)).toBe(words));
