import type { Element } from '../../../protocol';
import { visible, type Camera, type Size } from '../model/camera';
import type { Box } from '../model/geometry';
import { paint } from './paint';
import type { PictureLookup } from '../model/pictures';

/** A canvas with elements as seen through one camera: painted once, shown many times. */
export class LayerBitmap {
  readonly #canvas = document.createElement('canvas');
  readonly #context = this.#canvas.getContext('2d');
  camera: Camera = { left: 0, top: 0, scale: 1 };
  size: Size = { width: 0, height: 0 };
  ratio = 1;

  constructor(private readonly looks: PictureLookup) {}

  /** The part of the board that it shows. */
  get area(): Box {
    return visible(this.camera, this.size);
  }

  /** Empties it for another view. */
  reset(camera: Camera, size: Size, ratio: number): void {
    this.camera = camera;
    this.size = size;
    this.ratio = ratio;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    } else {
      this.#context?.setTransform(1, 0, 0, 1, 0, 0);
      this.#context?.clearRect(0, 0, width, height);
    }
  }

  add(element: Element): void {
    if (!this.#context) return;
    applyCamera(this.#context, this.camera, this.ratio);
    paint(this.#context, element, this.looks);
  }

  /** Repaints a part of the board. */
  repair(area: Box, elements: readonly Element[]): void {
    const context = this.#context;
    if (!context) return;
    const k = this.camera.scale * this.ratio;
    const x = Math.floor((area.x0 - this.camera.left) * k) - 1;
    const y = Math.floor((area.y0 - this.camera.top) * k) - 1;
    const right = Math.ceil((area.x1 - this.camera.left) * k) + 1;
    const bottom = Math.ceil((area.y1 - this.camera.top) * k) + 1;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(x, y, right - x, bottom - y);
    context.clip();
    context.clearRect(x, y, right - x, bottom - y);
    applyCamera(context, this.camera, this.ratio);
    for (const element of elements) paint(context, element, this.looks);
    context.restore();
  }

  /** Shows it through another camera than it was painted for: blurred, but at once. */
  showOn(context: CanvasRenderingContext2D, camera: Camera): void {
    if (this.#canvas.width === 0) return;
    const zoom = camera.scale / this.camera.scale;
    const k = camera.scale * this.ratio;
    const dx = (this.camera.left - camera.left) * k;
    const dy = (this.camera.top - camera.top) * k;
    // Whole pixels keep letters sharp while the view glides.
    if (zoom === 1) context.setTransform(1, 0, 0, 1, Math.round(dx), Math.round(dy));
    else context.setTransform(zoom, 0, 0, zoom, dx, dy);
    context.drawImage(this.#canvas, 0, 0);
  }
}

/** Sets the transform of a context to board units. */
export function applyCamera(
  context: CanvasRenderingContext2D,
  camera: Camera,
  ratio: number,
): void {
  const k = camera.scale * ratio;
  context.setTransform(k, 0, 0, k, -camera.left * k, -camera.top * k);
}
