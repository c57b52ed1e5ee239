export interface Position {
  left: number;
  top: number;
}

interface Rect {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const GAP = 6;
const EDGE = 8;

/** Below its opener and flush with its right edge; above where there is no room, never outside. */
export function popoverPosition(
  opener: Rect,
  panel: { width: number; height: number },
  view: { width: number; height: number },
): Position {
  const below = opener.bottom + GAP;
  const above = opener.top - GAP - panel.height;
  const fitsBelow = below + panel.height <= view.height - EDGE;
  const top = fitsBelow || above < EDGE ? below : above;
  const within = (at: number, size: number, of: number) =>
    Math.max(EDGE, Math.min(at, of - EDGE - size));
  return {
    left: within(opener.right - panel.width, panel.width, view.width),
    top: within(top, panel.height, view.height),
  };
}
