/** Letters of the scripts that run from right to left. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Signs that turn what follows them: embeddings, overrides and isolates, which may be left open. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A name or title for the middle of a sentence, where the document has no element around it (labels,
 * tooltips, the page's title). It turns none of the words around it: between FSI and PDI, if any of its
 * letters could. In elements `bdi` does the same.
 */
export function isolated(text: string): string {
  if (!RIGHT_TO_LEFT.test(text) && text.search(TURNS) < 0) return text;
  return `\u2068${text.replace(TURNS, '')}\u2069`;
}

/** The way a text runs, by its first letter that has one; as `dir="auto"` has it, for the canvas. */
export function directionOf(text: string): 'ltr' | 'rtl' {
  const letter = /\p{L}/u.exec(text)?.[0] ?? '';
  return RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr';
}
