import type { Element } from '../../protocol';
import { Bitmap } from './bitmap';
import { pan, visible, type Camera, type Size } from './camera';
import { contains, overlap, type Box } from './geometry';
import type { Looks } from './pictures';

/** What one frame may spend on a bitmap for another view: painting is only begun in this time, and
 * done by the browser later, so the number counts too. */
const SLICE_MS = 6;
const SLICE_ELEMENTS = 300;
/** A zoomed view is painted sharp when it has rested this long. */
const REST_MS = 110;
/** How much more than the view a bitmap shows on each side, so that panning finds it painted. */
const MARGIN = 0.25;
const MAX_PIXELS = 12_000_000;

/**
 * Settled ink. The bitmap there is serves until one for a newer view is ready; that one is painted
 * in slices, so that a full board never stops the pen.
 */
export class Backdrop {
  #front: Bitmap;
  #next: Bitmap;
  /** What the next bitmap still lacks, lowest last. */
  #queue: Element[] | undefined;
  #stale = true;
  #camera: Camera = { left: 0, top: 0, scale: 1 };
  #size: Size = { width: 0, height: 0 };
  #ratio = 1;
  #movedAt = 0;

  /** `within` finds the settled elements in a part of the board, lowest first. */
  constructor(
    private readonly within: (area: Box) => Element[],
    looks: Looks,
  ) {
    this.#front = new Bitmap(looks);
    this.#next = new Bitmap(looks);
  }

  view(camera: Camera, size: Size, ratio: number): void {
    const resized = size !== this.#size || ratio !== this.#ratio;
    this.#camera = camera;
    this.#size = size;
    this.#ratio = ratio;
    this.#movedAt = performance.now();
    if (resized) this.startOver();
  }

  /** All of it has to be painted anew. */
  startOver(): void {
    this.#stale = true;
    this.#queue = undefined;
  }

  /** Adds ink above all there is. */
  add(element: Element): void {
    this.#front.add(element);
    this.#queue?.unshift(element);
  }

  /** Paints parts of the board anew. */
  repair(areas: readonly Box[]): void {
    // The next bitmap was begun with what has changed now.
    if (this.#queue) this.startOver();
    const shown = this.#front.area;
    for (const area of areas) {
      if (overlap(area, shown)) this.#front.repair(area, this.within(area));
    }
  }

  /** Works for a part of a frame; true while there is more to do. */
  step(): boolean {
    if (this.#size.width === 0) return false;
    if (!this.#queue) {
      if (!this.#stale && this.#serves()) return false;
      if (!this.#stale && !this.#isDue()) return true;
      this.#begin();
    }
    this.#paint();
    return this.#queue !== undefined || this.#stale || !this.#serves();
  }

  showOn(pen: CanvasRenderingContext2D): void {
    this.#front.showOn(pen, this.#camera);
  }

  /** Whether the bitmap shows all of the view, and sharp. */
  #serves(): boolean {
    return this.#front.camera.scale === this.#camera.scale && this.#covers();
  }

  #covers(): boolean {
    return contains(this.#front.area, visible(this.#camera, this.#size));
  }

  #isDue(): boolean {
    return !this.#covers() || performance.now() - this.#movedAt > REST_MS;
  }

  #begin(): void {
    this.#stale = false;
    const { width, height } = this.#size;
    const pixels = width * height * this.#ratio ** 2 * (1 + 2 * MARGIN) ** 2;
    const margin = pixels > MAX_PIXELS ? 0 : MARGIN;
    const [dx, dy] = [Math.round(width * margin), Math.round(height * margin)];
    const camera = pan(this.#camera, dx, dy);
    this.#next.reset(camera, { width: width + 2 * dx, height: height + 2 * dy }, this.#ratio);
    this.#queue = this.within(this.#next.area).reverse();
  }

  #paint(): void {
    const end = performance.now() + SLICE_MS;
    for (let n = 0; n < SLICE_ELEMENTS && performance.now() < end; n++) {
      const element = this.#queue?.pop();
      if (element) this.#next.add(element);
      else {
        [this.#front, this.#next] = [this.#next, this.#front];
        this.#queue = undefined;
        return;
      }
    }
  }
}
