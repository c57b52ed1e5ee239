import { describe, expect, it } from 'vitest';
import { transferredFiles, isPastedText } from './transferredFiles';

const picture = new File(['x'], 'image.png', { type: 'image/png' });

function data(texts: Record<string, string>, files: File[] = [], folders: string[] = []) {
  const items = [
    ...files.map((file) => ({
      kind: 'file',
      getAsFile: () => file,
      webkitGetAsEntry: () => ({ isDirectory: false, name: file.name }),
    })),
    ...folders.map((name) => ({
      kind: 'file',
      getAsFile: () => new File([], name),
      webkitGetAsEntry: () => ({ isDirectory: true, name }),
    })),
  ];
  const types = [...Object.keys(texts), ...(items.length > 0 ? ['Files'] : [])];
  const getData = (type: string) => texts[type] ?? '';
  return { types, getData, files, items } as unknown as DataTransfer;
}

describe('what is pasted', () => {
  it.each([
    ['cells of a spreadsheet', { 'text/plain': '1\t2', 'text/html': '<table>' }, true],
    ['a paragraph of a word processor', { 'text/plain': 'a', 'text/rtf': '{}' }, true],
    ['a picture copied from a page', { 'text/html': '<img>' }, false],
    ['a picture with an empty text', { 'text/plain': '', 'text/html': '<img>' }, false],
    ['a screenshot', {}, false],
    ['a file of a file manager, with its name', { 'text/plain': 'image.png' }, false],
  ])('%s', (_what, texts, isText) => expect(isPastedText(data(texts, [picture]))).toBe(isText));
});

it('tells folders from files', () => {
  expect(transferredFiles(data({}, [picture], ['Holiday']))).toEqual({
    files: [picture],
    folders: ['Holiday'],
  });
  const older = { items: [], files: [picture] } as unknown as DataTransfer;
  expect(transferredFiles(older)).toEqual({ files: [picture], folders: [] });
});
