/** The longest text of an element, in UTF-16 code units. */
export const MAX_TEXT_LENGTH = 2_000;

/**
 * What two people made of one text, both from `base`. Changes in different places are both made; where they
 * overlap, both texts are kept, one below the other: nobody's text is lost.
 */
export function mergeText(base: string, theirs: string, mine: string): string {
  if (theirs === base || theirs === mine) return mine;
  if (mine === base) return theirs;
  const [their, my] = [changeOf(base, theirs), changeOf(base, mine)];
  const [first, second] = their.from <= my.from ? [their, my] : [my, their];
  const apart = first.to < second.from || (first.to === second.from && first.to > first.from);
  if (!apart) return `${theirs}\n${mine}`;
  return (
    base.slice(0, first.from) +
    first.put +
    base.slice(first.to, second.from) +
    second.put +
    base.slice(second.to)
  );
}

interface Edit {
  /** Of the base: what is replaced. */
  from: number;
  to: number;
  put: string;
}

function changeOf(base: string, text: string): Edit {
  const most = Math.min(base.length, text.length);
  let from = 0;
  while (from < most && base[from] === text[from]) from += 1;
  let tail = 0;
  while (tail < most - from && base[base.length - 1 - tail] === text[text.length - 1 - tail]) {
    tail += 1;
  }
  return { from, to: base.length - tail, put: text.slice(from, text.length - tail) };
}
