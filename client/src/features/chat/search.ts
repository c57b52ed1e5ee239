/** A piece of text, and whether it is what was looked for. */
export interface Piece {
  text: string;
  hit: boolean;
}

const AROUND = 40;
const LENGTH = 140;

/** The words someone looks for, in small letters. */
export const wordsOf = (query: string): string[] =>
  query.toLocaleLowerCase().split(/\s+/).filter(Boolean);

/** A short piece of a text around the first hit, with all hits in it marked. */
export function snippet(text: string, query: string): Piece[] {
  const words = wordsOf(query);
  const flat = text.replace(/\s+/g, ' ').trim();
  const small = flat.toLocaleLowerCase();
  // Letters that change their length with their case would shift every place.
  const places = small.length === flat.length ? words.map((word) => small.indexOf(word)) : [];
  const first = Math.min(...places.filter((at) => at >= 0), Infinity);
  const from = first === Infinity || first <= AROUND ? 0 : first - AROUND;
  const to = Math.min(flat.length, from + LENGTH);
  const shown = `${from > 0 ? '…' : ''}${flat.slice(from, to)}${to < flat.length ? '…' : ''}`;
  return marked(shown, words);
}

function marked(text: string, words: readonly string[]): Piece[] {
  if (words.length === 0) return [{ text, hit: false }];
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return text
    .split(new RegExp(`(${pattern})`, 'giu'))
    .map((piece, at) => ({ text: piece, hit: at % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
