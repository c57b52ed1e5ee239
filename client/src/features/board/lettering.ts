import { LINE_HEIGHT } from './geometry';

const FAMILY = "'Inter Variable', system-ui, sans-serif";
export const NOTE_PADDING = 16;

export function font(size: number): string {
  return `450 ${size}px ${FAMILY}`;
}

/** Breaks text into the lines of a column; a word wider than the column is cut. */
export function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const piece of paragraph.match(/\S+\s*|\s+/g) ?? []) {
      if (line && measure((line + piece).trimEnd()) > width) {
        lines.push(line.trimEnd());
        line = '';
      }
      line += piece;
      while (
        measure(line.trimEnd()) > width &&
        longestFit(line, 0, measure) < line.trimEnd().length
      ) {
        const cut = longestFit(line, width, measure);
        lines.push(line.slice(0, cut));
        line = line.slice(cut);
      }
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

function longestFit(line: string, width: number, measure: (text: string) => number): number {
  let end = 0;
  for (const letter of line) {
    if (end > 0 && measure(line.slice(0, end + letter.length)) > width) break;
    end += letter.length;
  }
  return end;
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
