import { expect, it } from 'vitest';
import type { Message } from '../../protocol';
import { sharedFiles, sizeInWords } from './sharedFiles';

const withFile = (seq: number, fileUrl: string, deleted = false) =>
  ({
    senderName: `by ${seq}`,
    timestamp: seq,
    deleted,
    attachments: [{ fileUrl, name: fileUrl, size: 1 }],
  }) as unknown as Message;

it('lists files newest first, each once, none of deleted messages', () => {
  const files = sharedFiles([
    withFile(1, 'a'),
    withFile(2, 'b'),
    withFile(3, 'a'),
    withFile(4, 'c', true),
  ]);
  expect(files.map((file) => [file.name, file.by])).toEqual([
    ['a', 'by 3'],
    ['b', 'by 2'],
  ]);
});

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1500, '1.5 kB'],
  [12_345_678, '12 MB'],
])('%d bytes are %s', (bytes, words) => expect(sizeInWords(bytes)).toBe(words));
