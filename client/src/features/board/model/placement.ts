import type { Point } from '../../../protocol';
import type { Camera, Size } from './camera';
import { visible } from './camera';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The largest share of the view, in each direction. */
const SHARE = 0.5;
/** Smaller ones, in pixels of the screen, are shown larger than they are. */
const LEAST_PX = 48;
/** The offset from a picture at the same place. */
const ASIDE_PX = 28;

const near = (value: number) => Math.round(value * 100) / 100;

/** Where a picture is put: in its own size, at most half of the view, centred on a point. */
export function placePicture(
  picture: Size,
  view: { camera: Camera; size: Size },
  at: Point = middleOf(view),
): Rect {
  const { camera, size } = view;
  const most = Math.min(
    (size.width * SHARE) / picture.width,
    (size.height * SHARE) / picture.height,
  );
  const least = LEAST_PX / Math.max(picture.width, picture.height);
  const scale = Math.min(most, Math.max(1, least)) / camera.scale;
  const [w, h] = [picture.width * scale, picture.height * scale];
  return { x: near(at[0] - w / 2), y: near(at[1] - h / 2), w: near(w), h: near(h) };
}

/** The same rectangle, moved until no other one begins at the same point. */
export function avoidOverlap(place: Rect, taken: readonly Rect[], scale: number): Rect {
  const step = near(ASIDE_PX / scale);
  let free = place;
  while (taken.some((it) => it.x === free.x && it.y === free.y)) {
    free = { ...free, x: near(free.x + step), y: near(free.y + step) };
  }
  return free;
}

function middleOf({ camera, size }: { camera: Camera; size: Size }): Point {
  const { x0, y0, x1, y1 } = visible(camera, size);
  return [(x0 + x1) / 2, (y0 + y1) / 2];
}
