/** The board's background, light in both themes so that all see the same. */
export const PAPER = '#fffdf8';

/** Readable on the board's background. */
export const COLOURS = [
  { name: 'black', value: '#1f2a2c' },
  { name: 'red', value: '#cf2f2a' },
  { name: 'orange', value: '#c96508' },
  { name: 'green', value: '#257a37' },
  { name: 'teal', value: '#0b7a8c' },
  { name: 'blue', value: '#1f5fcc' },
  { name: 'purple', value: '#7440bd' },
  { name: 'pink', value: '#bd2f83' },
] as const;

export const WIDTHS = [
  { name: 'Thin', value: 3 },
  { name: 'Medium', value: 6 },
  { name: 'Thick', value: 14 },
] as const;

/** The font size, in board units, that goes with a stroke width. */
export function fontSizeFor(width: number): number {
  if (width <= 3) return 20;
  return width <= 6 ? 30 : 52;
}

/** A note's background: its colour mixed with white, so that dark text stays readable. */
export function noteBackground(color: string): string {
  const channels = parse(color);
  if (!channels) return '#fdf3c8';
  // Black gives the usual yellow of a sticky note.
  if (Math.max(...channels) < 70) return '#fdf0b4';
  const mixed = channels.map((channel) => Math.round(channel * 0.24 + 255 * 0.76));
  return `rgb(${mixed.join(' ')})`;
}

function parse(color: string): number[] | undefined {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(color)?.[1];
  if (!hex) return undefined;
  const full = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  return [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16));
}
