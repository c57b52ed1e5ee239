export type Piece = { text: string; href?: string };

const link = /\bhttps?:\/\/[^\s<>"]+/gi;

/** Text cut at its links. Only http and https become links; text stays text. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(link)) {
    const url = withoutTail(match[0]);
    if (!isLink(url)) continue;
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) });
    pieces.push({ text: url, href: url });
    at = match.index + url.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** Punctuation that ends the sentence is not the link's; a bracket is if it was opened inside. */
function withoutTail(url: string): string {
  let end = url.length;
  while (end > 0) {
    const last = url.charAt(end - 1);
    const body = url.slice(0, end);
    const unopened =
      (last === ')' && count(body, ')') > count(body, '(')) ||
      (last === ']' && count(body, ']') > count(body, '['));
    if (!unopened && !/[.,;:!?'*_~]/.test(last)) break;
    end -= 1;
  }
  return url.slice(0, end);
}

const count = (text: string, char: string) => text.split(char).length - 1;

function isLink(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url);
    return (protocol === 'http:' || protocol === 'https:') && hostname !== '';
  } catch {
    return false;
  }
}
