import type { FileMeta } from '../../protocol';

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

/** Files whose name or sender contains every word, without regard to case and accents. */
export function matchingFiles(files: readonly FileMeta[], words: string): readonly FileMeta[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return files;
  return files.filter((file) => {
    const text = plain([file.name, file.userName].join(' '));
    return wanted.every((word) => text.includes(word));
  });
}
