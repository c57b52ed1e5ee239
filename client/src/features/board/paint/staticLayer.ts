import type { Element } from '../../../protocol';
import { LayerBitmap } from './layerBitmap';
import { pan, visible, type Camera, type Size } from '../model/camera';
import { contains, overlap, type Box } from '../model/geometry';
import type { PictureLookup } from '../model/pictures';

/** Bounds of one slice of repainting: the time covers only the calls, and the
 * browser paints later, so the number of elements is bounded too. */
const SLICE_MS = 6;
const SLICE_ELEMENTS = 300;
/** A zoomed view is repainted sharp after this long without a move. */
const REST_MS = 110;
/** How much more than the view a bitmap shows on each side, so that panning finds it painted. */
const MARGIN = 0.25;
const MAX_PIXELS = 12_000_000;

/**
 * The elements that do not change at the moment, on a bitmap. It serves until one for a newer view is ready; that one is painted
 * in slices, so that a full board never blocks input.
 */
export class StaticLayer {
  #front: LayerBitmap;
  #next: LayerBitmap;
  /** The elements that the next bitmap still lacks, lowest last. */
  #queue: Element[] | undefined;
  #stale = true;
  #camera: Camera = { left: 0, top: 0, scale: 1 };
  #size: Size = { width: 0, height: 0 };
  #ratio = 1;
  #movedAt = 0;

  /** `within` finds the static elements in an area, lowest first. */
  constructor(
    private readonly within: (area: Box) => Element[],
    looks: PictureLookup,
  ) {
    this.#front = new LayerBitmap(looks);
    this.#next = new LayerBitmap(looks);
  }

  view(camera: Camera, size: Size, ratio: number): void {
    const resized = size !== this.#size || ratio !== this.#ratio;
    this.#camera = camera;
    this.#size = size;
    this.#ratio = ratio;
    this.#movedAt = performance.now();
    if (resized) this.startOver();
  }

  /** Everything has to be repainted. */
  startOver(): void {
    this.#stale = true;
    this.#queue = undefined;
  }

  /** Adds an element above all others. */
  add(element: Element): void {
    this.#front.add(element);
    this.#queue?.unshift(element);
  }

  /** Repaints parts of the board. */
  repair(areas: readonly Box[]): void {
    // The next bitmap was begun with what has changed now.
    if (this.#queue) this.startOver();
    const shown = this.#front.area;
    for (const area of areas) {
      if (overlap(area, shown)) this.#front.repair(area, this.within(area));
    }
  }

  /** Paints one slice; true while there is more to do. */
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

  showOn(context: CanvasRenderingContext2D): void {
    this.#front.showOn(context, this.#camera);
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
