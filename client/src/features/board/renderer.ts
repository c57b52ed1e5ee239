import type { Element, ElementId } from '../../protocol';
import { Bitmap, look } from './bitmap';
import { fit, PAGE, sameCamera, visible, type Camera, type Size } from './camera';
import { byZ } from './fold';
import { boxOf, overlap, union, type Box } from './geometry';
import { Grid } from './grid';
import { paint } from './paint';
import type { Changed } from './replica';
import { sameElement } from './same';

/** A stroke that grew within this time may grow on; it is painted above the bitmap until then. */
const HOT_MS = 250;
/** What one frame may spend on a bitmap for another view. */
const SLICE_MS = 7;
/** More dirty places than this: painting all anew is cheaper. */
const MANY = 60;

interface Source {
  get(id: ElementId): Element | undefined;
  elements(): Iterable<Element>;
}

/**
 * Keeps the canvas up to date. Settled ink lies in a bitmap; strokes that still grow are painted
 * above it on every frame. When the view moves, the old bitmap is shown moved while the next one is
 * painted in slices, so that a full board never stops the pen.
 */
export class Renderer {
  readonly grid = new Grid();
  readonly #pen: CanvasRenderingContext2D | null;
  #front = new Bitmap();
  #next = new Bitmap();
  /** What the front bitmap shows, whether or not it lies in its view. */
  readonly #settled = new Map<ElementId, Element>();
  readonly #hot = new Map<ElementId, number>();
  #dirty: Box[] = [];
  /** What the next bitmap still lacks, lowest last. */
  #queue: Element[] | undefined;
  #stale = true;
  #camera: Camera = fit(PAGE);
  #size: Size = PAGE;
  #ratio = 1;
  #preview: readonly Element[] = [];
  #hidden: ElementId | undefined;
  #frame: number | undefined;

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly source: Source,
  ) {
    this.#pen = canvas.getContext('2d');
    this.changed('all');
  }

  view(camera: Camera, size: Size, ratio: number): void {
    if (sameCamera(camera, this.#camera) && size === this.#size && ratio === this.#ratio) return;
    const resized = size !== this.#size || ratio !== this.#ratio;
    this.#camera = camera;
    this.#size = size;
    this.#ratio = ratio;
    if (resized) {
      this.canvas.width = Math.round(size.width * ratio);
      this.canvas.height = Math.round(size.height * ratio);
      this.#startOver();
    }
    this.#ask();
  }

  /** Elements on their way, above all; `hidden` is the one they stand for. */
  preview(elements: readonly Element[], hidden?: ElementId): void {
    this.#preview = elements;
    if (hidden !== this.#hidden) {
      for (const id of [this.#hidden, hidden]) {
        const box = id === undefined ? undefined : this.grid.get(id);
        if (box) this.#dirty.push(box);
      }
      this.#hidden = hidden;
    }
    this.#ask();
  }

  changed(ids: Changed): void {
    if (ids === 'all') {
      this.grid.clear();
      this.#hot.clear();
      this.#settled.clear();
      for (const element of this.source.elements()) {
        this.grid.set(element.id, boxOf(element));
        this.#settled.set(element.id, element);
      }
      this.#startOver();
    } else {
      for (const id of ids) this.#change(id);
    }
    this.#ask();
  }

  dispose(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = -1;
  }

  #change(id: ElementId): void {
    const now = this.source.get(id);
    const shown = this.#settled.get(id);
    if (!now) {
      const box = this.grid.get(id);
      if (shown && box) this.#dirty.push(box);
      this.grid.delete(id);
      this.#settled.delete(id);
      this.#hot.delete(id);
      return;
    }
    if (shown && sameElement(shown, now)) {
      this.#hot.delete(id);
      return;
    }
    const before = this.grid.get(id);
    const box = boxOf(now);
    this.grid.set(id, box);
    if (!shown || grew(shown, now)) {
      this.#hot.set(id, performance.now());
      return;
    }
    this.#hot.delete(id);
    this.#settled.set(id, now);
    this.#dirty.push(before ? union(before, box) : box);
  }

  #startOver(): void {
    this.#stale = true;
    this.#queue = undefined;
  }

  #ask(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#paint();
    });
  }

  #paint(): void {
    this.#settle();
    this.#repair();
    const moved = !sameCamera(this.#camera, this.#front.camera);
    if (this.#queue || this.#stale || moved) this.#paintNext();
    this.#show();
    if (this.#queue || this.#stale || this.#hot.size > 0) this.#ask();
  }

  /** Puts strokes that no longer grow into the bitmap. */
  #settle(): void {
    const now = performance.now();
    const crowd = this.#hot.size > MANY;
    for (const [id, since] of this.#hot) {
      if (!crowd && now - since < HOT_MS) continue;
      this.#hot.delete(id);
      const element = this.source.get(id);
      const box = this.grid.get(id);
      if (!element || !box) continue;
      const replaces = this.#settled.has(id);
      this.#settled.set(id, element);
      if (replaces || this.#isCovered(element, box)) this.#dirty.push(box);
      else {
        this.#front.add(element);
        this.#queue?.unshift(element);
      }
    }
  }

  #isCovered(element: Element, box: Box): boolean {
    for (const id of this.grid.query(box)) {
      const other = this.#settled.get(id);
      if (other && byZ(other, element) > 0) return true;
    }
    return false;
  }

  #repair(): void {
    if (this.#dirty.length === 0) return;
    const dirty = this.#dirty;
    this.#dirty = [];
    // The next bitmap was begun with what has changed now.
    if (this.#queue) this.#startOver();
    if (dirty.length > MANY) {
      this.#startOver();
      return;
    }
    const seen = visible(this.#front.camera, this.#size);
    for (const area of dirty) {
      if (overlap(area, seen)) this.#front.repair(area, this.#within(area));
    }
  }

  #within(area: Box): Element[] {
    const found: Element[] = [];
    for (const id of this.grid.query(area)) {
      const element = this.#settled.get(id);
      if (element && id !== this.#hidden) found.push(element);
    }
    return found.sort(byZ);
  }

  #paintNext(): void {
    const end = performance.now() + SLICE_MS;
    if (!this.#queue) {
      this.#stale = false;
      this.#next.reset(this.#camera, this.#size, this.#ratio);
      this.#queue = this.#within(visible(this.#camera, this.#size)).reverse();
    }
    while (performance.now() < end) {
      const element = this.#queue.pop();
      if (!element) {
        [this.#front, this.#next] = [this.#next, this.#front];
        this.#queue = undefined;
        // The view may have moved on since.
        if (!sameCamera(this.#front.camera, this.#camera)) this.#stale = true;
        return;
      }
      this.#next.add(element);
    }
  }

  #show(): void {
    const pen = this.#pen;
    if (!pen) return;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.#front.showOn(pen, this.#camera);
    look(pen, this.#camera, this.#ratio);
    const growing = [...this.#hot.keys()]
      .map((id) => this.source.get(id))
      .filter((element) => element !== undefined)
      .sort(byZ);
    for (const element of growing) paint(pen, element);
    for (const element of this.#preview) paint(pen, element);
  }
}

/** The same ink with more at its end. */
function grew(before: Element, now: Element): boolean {
  if (!before.points || !now.points || now.points.length <= before.points.length) return false;
  return sameElement({ ...before, points: [] }, { ...now, points: [] });
}
