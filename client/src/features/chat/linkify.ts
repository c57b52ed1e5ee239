import { LinkifyIt } from 'linkify-it';

export type Piece = { text: string; href?: string };

/** Finds addresses in linear time, in every script, up to the punctuation that ends a sentence. */
const finder = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, urlAuth: true })
  .add('ftp:', null)
  .add('mailto:', null)
  .add('//', null);

/** Text cut at its links. Only http and https become links; text stays text. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { index, lastIndex, raw } of finder.match(text) ?? []) {
    if (!isLink(raw)) continue;
    if (index > at) pieces.push({ text: text.slice(at, index) });
    pieces.push({ text: raw, href: raw });
    at = lastIndex;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

function isLink(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url);
    return (protocol === 'http:' || protocol === 'https:') && hostname !== '';
  } catch {
    return false;
  }
}
