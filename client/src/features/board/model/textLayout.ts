import type { Element } from '../../../protocol';

/** In multiples of the font size. */
export const LINE_HEIGHT = 1.3;
const FAMILY = "'Inter Variable', system-ui, sans-serif";
export const NOTE_PADDING = 16;

export function font(size: number): string {
  return `450 ${size}px ${FAMILY}`;
}

/**
 * Breaks text into lines of a width; a word wider than that is cut between
 * graphemes. Each word is measured once, so that the cost is linear in the length of the text.
 */
export function wrapText(text: string, width: number, measure: (text: string) => number): string[] {
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

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A word in parts that fit, each of at least one grapheme. */
function cut(word: string, width: number, measure: (text: string) => number): string[] {
  const ends = [...graphemes.segment(word)].map(({ index, segment }) => index + segment.length);
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

/** The width of a text at a font size. */
export function measureTextAt(size: number): (text: string) => number {
  scratch ??= document.createElement('canvas').getContext('2d');
  if (scratch) scratch.font = font(size);
  return (text) => scratch?.measureText(text).width ?? text.length * size * 0.6;
}

/** The size of an unwrapped text. */
export function textSize(text: string, size: number): { w: number; h: number } {
  const measure = measureTextAt(size);
  const lines = text.split('\n');
  return {
    w: Math.ceil(Math.max(...lines.map(measure))),
    h: Math.ceil(lines.length * size * LINE_HEIGHT),
  };
}

/** How high a note of this width must be to hold its text. */
export function noteHeight(text: string, size: number, width: number): number {
  const lines = wrapText(text, width - 2 * NOTE_PADDING, measureTextAt(size));
  return Math.ceil(lines.length * size * LINE_HEIGHT + 2 * NOTE_PADDING);
}

/** Caches by element: elements are immutable, so an entry holds as long as the fonts do. */
let sizes = new WeakMap<Element, { w: number; h: number }>();
let noteLines = new WeakMap<Element, string[]>();

/** Call it when a font has loaded: all was measured with a fallback. */
export function clearTextMeasurements(): void {
  sizes = new WeakMap();
  noteLines = new WeakMap();
}

/** The size of a text element as measured in this browser. */
export function measuredTextSize(element: Element): { w: number; h: number } {
  let size = sizes.get(element);
  if (!size) sizes.set(element, (size = textSize(element.text ?? '', element.width)));
  return size;
}

/** The wrapped lines of a note element. */
export function noteLinesOf(element: Element): string[] {
  let lines = noteLines.get(element);
  if (!lines) {
    const column = (element.w ?? 0) - 2 * NOTE_PADDING;
    lines = wrapText(element.text ?? '', column, measureTextAt(element.width));
    noteLines.set(element, lines);
  }
  return lines;
}
