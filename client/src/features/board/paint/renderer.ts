import type { Element, ElementId } from '../../../protocol';
import { StaticLayer } from './staticLayer';
import { applyCamera } from './layerBitmap';
import { fit, PAGE, type Camera, type Size } from '../model/camera';
import { byZ } from '../model/fold';
import { boxOf, union, type Box } from '../model/geometry';
import { SpatialGrid } from './spatialGrid';
import { paintHandles } from './paintHandles';
import { paint } from './paint';
import type { PictureLookup } from '../model/pictures';
import type { Changed } from '../model/replica';
import { elementsEqual } from '../model/elementsEqual';

/** A stroke that grew within this time may grow on; until then it is painted above the static layer. */
const HOT_MS = 250;
/** With more changes than this at once repainting everything is cheaper. */
const MANY = 60;

interface Source {
  get(id: ElementId): Element | undefined;
  elements(): Iterable<Element>;
}

/** Keeps the canvas up to date: static elements in one layer, growing strokes above it. */
export class Renderer {
  readonly grid = new SpatialGrid();
  readonly #context: CanvasRenderingContext2D | null;
  readonly #static: StaticLayer;
  /** The elements of the static layer, in view or not. */
  readonly #settled = new Map<ElementId, Element>();
  readonly #hot = new Map<ElementId, number>();
  #dirty: Box[] = [];
  #camera: Camera = fit(PAGE);
  #size: Size = PAGE;
  #ratio = 1;
  #preview: readonly Element[] = [];
  #hidden: ElementId | undefined;
  #resizable: ElementId | undefined;
  #frame: number | undefined;

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly source: Source,
    private readonly looks: PictureLookup,
  ) {
    this.#static = new StaticLayer((area) => this.#within(area), looks);
    this.#context = canvas.getContext('2d');
    this.changed('all');
  }

  view(camera: Camera, size: Size, ratio: number): void {
    if (size !== this.#size || ratio !== this.#ratio) {
      this.canvas.width = Math.round(size.width * ratio);
      this.canvas.height = Math.round(size.height * ratio);
    }
    this.#camera = camera;
    this.#size = size;
    this.#ratio = ratio;
    this.#static.view(camera, size, ratio);
    this.#ask();
  }

  /** Shows elements of a gesture above all others, in place of `hidden`. */
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

  /** The picture that shows resize handles. */
  get resizable(): ElementId | undefined {
    return this.#resizable;
  }

  showHandles(id: ElementId | undefined): void {
    if (id === this.#resizable) return;
    this.#resizable = id;
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
      this.#static.startOver();
    } else {
      for (const id of ids) this.#change(id);
    }
    this.#ask();
  }

  /** The state of a picture has changed. */
  pictureChanged(src: string): void {
    for (const [id, element] of this.#settled) {
      if (element.src !== src) continue;
      const box = this.grid.get(id);
      if (box) this.#dirty.push(box);
    }
    this.#ask();
  }

  dispose(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    // Never asked for again.
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
    if (shown && elementsEqual(shown, now)) {
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

  #ask(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#settle();
      this.#repair();
      const more = this.#static.step();
      this.#show();
      if (more || this.#hot.size > 0) this.#ask();
    });
  }

  /** Moves strokes that no longer grow to the static layer. */
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
      if (crowd) continue;
      if (replaces || this.#isCovered(element, box)) this.#dirty.push(box);
      else this.#static.add(element);
    }
    if (crowd) this.#static.startOver();
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
    if (this.#dirty.length > MANY) this.#static.startOver();
    else this.#static.repair(this.#dirty);
    this.#dirty = [];
  }

  #within(area: Box): Element[] {
    const found: Element[] = [];
    for (const id of this.grid.query(area)) {
      const element = this.#settled.get(id);
      if (element && id !== this.#hidden) found.push(element);
    }
    return found.sort(byZ);
  }

  #show(): void {
    const context = this.#context;
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.#static.showOn(context);
    applyCamera(context, this.#camera, this.#ratio);
    const growing = [...this.#hot.keys()]
      .map((id) => this.source.get(id))
      .filter((element) => element !== undefined)
      .sort(byZ);
    for (const element of growing) paint(context, element, this.looks);
    for (const element of this.#preview) paint(context, element, this.looks);
    const offered = this.#resizable;
    if (offered === undefined) return;
    const element = this.#preview.find(({ id }) => id === offered) ?? this.source.get(offered);
    if (element) paintHandles(context, element, 1 / this.#camera.scale);
  }
}

/** Whether it is the same stroke with more points at its end. */
function grew(before: Element, now: Element): boolean {
  if (!before.points || !now.points || now.points.length <= before.points.length) return false;
  return elementsEqual({ ...before, points: [] }, { ...now, points: [] });
}
