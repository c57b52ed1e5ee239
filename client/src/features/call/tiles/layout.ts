/** Boxes of one shape in rows. */
export interface Rows {
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

export const GAP = 8;
const WIDEST = 16 / 9;
const TALLEST = 1;

/** The columns that make `count` tiles largest in a place, neither too wide nor too tall. */
export function tileRows(count: number, width: number, height: number): Rows {
  let best: Rows = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const tile = shape((width - GAP * (columns - 1)) / columns, (height - GAP * (rows - 1)) / rows);
    if (tile.width * tile.height > best.width * best.height) best = { columns, ...tile };
  }
  return best;
}

/** Smaller than this, nobody is recognized. */
const LEAST = { width: 168, height: 112 };
/** More faces than this are a crowd. */
const MOST_TILES = 16;

/** How many tiles a place bears at once. */
export function perPage(width: number, height: number): number {
  const fit = (length: number, least: number) =>
    Math.max(1, Math.floor((length + GAP) / (least + GAP)));
  return Math.min(MOST_TILES, fit(width, LEAST.width) * fit(height, LEAST.height));
}

function shape(width: number, height: number): { width: number; height: number } {
  if (width <= 0 || height <= 0) return { width: 0, height: 0 };
  return {
    width: Math.floor(Math.min(width, height * WIDEST)),
    height: Math.floor(Math.min(height, width / TALLEST)),
  };
}

export type Arrangement =
  | { kind: 'grid'; tiles: Rows }
  /** Side by side in one line that can be scrolled. */
  | { kind: 'strip'; along: 'x' | 'y'; tile: { width: number; height: number } }
  | { kind: 'focus'; along: 'x' | 'y'; tile: { width: number; height: number } };

const STRIP = 120;

/** How the tiles lie: what is in focus takes the room, and the faces a strip beside it. */
export function arrange(it: {
  people: number;
  focus: boolean;
  compact: boolean;
  width: number;
  height: number;
}): Arrangement {
  const { people, focus, compact, width, height } = it;
  const along = width >= height ? 'y' : 'x';
  if (compact) return { kind: 'strip', ...strip(width >= height ? 'x' : 'y', width, height) };
  if (!focus) return { kind: 'grid', tiles: tileRows(people, width, height) };
  const beside =
    along === 'y'
      ? { width: Math.min(220, Math.max(STRIP, width * 0.2)), height: 0 }
      : { width: 0, height: Math.min(140, Math.max(96, height * 0.2)) };
  const tile =
    along === 'y'
      ? { width: beside.width, height: Math.round(beside.width / WIDEST) }
      : { width: Math.round(beside.height * 1.25), height: beside.height };
  return { kind: 'focus', along, tile };
}

function strip(along: 'x' | 'y', width: number, height: number) {
  const tile =
    along === 'x'
      ? { width: Math.round(height * 1.5), height }
      : { width, height: Math.round(width / 1.5) };
  return { along, tile };
}
