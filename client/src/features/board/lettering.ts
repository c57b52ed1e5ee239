import type { Element } from '../../protocol';

/** Of a line, in sizes of its letters. */
export const LINE_HEIGHT = 1.3;
const FAMILY = "'Inter Variable', system-ui, sans-serif";
export const NOTE_PADDING = 16;

export function font(size: number): string {
  return `450 ${size}px ${FAMILY}`;
}

/**
 * Breaks text into the lines of a column; a word wider than the column is cut, between letters as one
 * sees them. Each word is measured by itself, so that the longest text costs little more than its length.
 */
export function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    let taken = 0;
    for (const piece of paragraph.match(/\S+\s*|\s+/g) ?? []) {
      const word = piece.trimEnd();
      const wide = measure(word);
      if (line !== '' && taken + wide > width) {
        lines.push(line.trimEnd());
        line = '';
        taken = 0;
      }
      if (wide > width) {
        const parts = cut(word, width, measure);
        const rest = (parts.pop() ?? '') + piece.slice(word.length);
        lines.push(...parts);
        line = rest;
        taken = measure(rest);
      } else {
        line += piece;
        taken += word === piece ? wide : measure(piece);
      }
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A word in parts that fit, of a letter at least. */
function cut(word: string, width: number, measure: (text: string) => number): string[] {
  const ends = [...letters.segment(word)].map(({ index, segment }) => index + segment.length);
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < ends.length;) {
    const fits = (count: number) => measure(word.slice(from, ends[at + count - 1])) <= width;
    const count = longest(ends.length - at, fits);
    const to = ends[at + count - 1] ?? word.length;
    parts.push(word.slice(from, to));
    from = to;
    at += count;
  }
  return parts;
}

/** The largest count up to `most` that fits, or 1; doubled until too many, then halved between. */
function longest(most: number, fits: (count: number) => boolean): number {
  let good = 1;
  let bad = 2;
  while (bad <= most && fits(bad)) {
    good = bad;
    bad *= 2;
  }
  bad = Math.min(bad, most + 1);
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

let scratch: CanvasRenderingContext2D | null | undefined;

/** Measures letters of a size without painting them. */
export function measureAt(size: number): (text: string) => number {
  scratch ??= document.createElement('canvas').getContext('2d');
  if (scratch) scratch.font = font(size);
  return (text) => scratch?.measureText(text).width ?? text.length * size * 0.6;
}

/** The room that a text takes. */
export function textSize(text: string, size: number): { w: number; h: number } {
  const measure = measureAt(size);
  const lines = text.split('\n');
  return {
    w: Math.ceil(Math.max(...lines.map(measure))),
    h: Math.ceil(lines.length * size * LINE_HEIGHT),
  };
}

/** How high a note of this width must be to hold its text. */
export function noteHeight(text: string, size: number, width: number): number {
  const lines = wrap(text, width - 2 * NOTE_PADDING, measureAt(size));
  return Math.ceil(lines.length * size * LINE_HEIGHT + 2 * NOTE_PADDING);
}

/** Elements never change in place, so what is worked out once holds, as long as the fonts do. */
let sizes = new WeakMap<Element, { w: number; h: number }>();
let noteLines = new WeakMap<Element, string[]>();

/** For when a font has arrived: all was measured by another. */
export function measureAnew(): void {
  sizes = new WeakMap();
  noteLines = new WeakMap();
}

/** The room that the letters of a text on the board take. */
export function lettersSize(element: Element): { w: number; h: number } {
  let size = sizes.get(element);
  if (!size) sizes.set(element, (size = textSize(element.text ?? '', element.width)));
  return size;
}

/** The lines of a note on the board. */
export function linesOf(element: Element): string[] {
  let lines = noteLines.get(element);
  if (!lines) {
    const column = (element.w ?? 0) - 2 * NOTE_PADDING;
    lines = wrap(element.text ?? '', column, measureAt(element.width));
    noteLines.set(element, lines);
  }
  return lines;
}
