import type { Box } from './geometry';

/** Board unit (x, y) is shown at ((x - left) * scale, (y - top) * scale). */
export interface Camera {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The part of the board that everyone sees first. */
export const PAGE: Size = { width: 1600, height: 900 };
const MIN_SCALE = 0.1;
const MAX_SCALE = 8;

/** Shows all of the page, centred. */
export function fit(view: Size): Camera {
  const scale = clampScale(Math.min(view.width / PAGE.width, view.height / PAGE.height));
  return {
    scale,
    left: PAGE.width / 2 - view.width / 2 / scale,
    top: PAGE.height / 2 - view.height / 2 / scale,
  };
}

/** Moves by pixels of the screen. */
export function pan(camera: Camera, dx: number, dy: number): Camera {
  return {
    ...camera,
    left: camera.left - dx / camera.scale,
    top: camera.top - dy / camera.scale,
  };
}

/** Keeps the board point under (x, y) of the screen where it is. */
export function zoomAt(camera: Camera, factor: number, x: number, y: number): Camera {
  const scale = clampScale(camera.scale * factor);
  return {
    scale,
    left: camera.left + x / camera.scale - x / scale,
    top: camera.top + y / camera.scale - y / scale,
  };
}

export function toBoard(camera: Camera, x: number, y: number): [number, number] {
  return [camera.left + x / camera.scale, camera.top + y / camera.scale];
}

export function toScreen(camera: Camera, x: number, y: number): [number, number] {
  return [(x - camera.left) * camera.scale, (y - camera.top) * camera.scale];
}

/** The part of the board that is seen. */
export function visible(camera: Camera, view: Size): Box {
  return {
    x0: camera.left,
    y0: camera.top,
    x1: camera.left + view.width / camera.scale,
    y1: camera.top + view.height / camera.scale,
  };
}

function clampScale(scale: number): number {
  return Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));
}
