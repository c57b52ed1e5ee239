import type { Element, ElementId } from '../../protocol';
import { Backdrop } from './backdrop';
import { look } from './bitmap';
import { fit, PAGE, type Camera, type Size } from './camera';
import { byZ } from './fold';
import { boxOf, union, type Box } from './geometry';
import { Grid } from './grid';
import { paintHandles } from './handles';
import { paint } from './paint';
import type { Looks } from './pictures';
import type { Changed } from './replica';
import { sameElement } from './same';

/** A stroke that grew within this time may grow on; it is painted above the backdrop until then. */
const HOT_MS = 250;
/** More changes than this at once: painting all anew is cheaper. */
const MANY = 60;

interface Source {
  get(id: ElementId): Element | undefined;
  elements(): Iterable<Element>;
}

/** Keeps the canvas up to date: settled ink in a backdrop, what still grows above it. */
export class Renderer {
  readonly grid = new Grid();
  readonly #pen: CanvasRenderingContext2D | null;
  readonly #backdrop: Backdrop;
  /** What the backdrop shows, or would if it lay in its view. */
  readonly #settled = new Map<ElementId, Element>();
  readonly #hot = new Map<ElementId, number>();
  #dirty: Box[] = [];
  #camera: Camera = fit(PAGE);
  #size: Size = PAGE;
  #ratio = 1;
  #preview: readonly Element[] = [];
  #hidden: ElementId | undefined;
  #offered: ElementId | undefined;
  #frame: number | undefined;

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly source: Source,
    private readonly looks: Looks,
  ) {
    this.#backdrop = new Backdrop((area) => this.#within(area), looks);
    this.#pen = canvas.getContext('2d');
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
    this.#backdrop.view(camera, size, ratio);
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

  /** The picture whose corners may be dragged. */
  get offered(): ElementId | undefined {
    return this.#offered;
  }

  offer(id: ElementId | undefined): void {
    if (id === this.#offered) return;
    this.#offered = id;
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
      this.#backdrop.startOver();
    } else {
      for (const id of ids) this.#change(id);
    }
    this.#ask();
  }

  /** A picture looks otherwise now. */
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

  #ask(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#settle();
      this.#repair();
      const more = this.#backdrop.step();
      this.#show();
      if (more || this.#hot.size > 0) this.#ask();
    });
  }

  /** Gives strokes that no longer grow to the backdrop. */
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
      else this.#backdrop.add(element);
    }
    if (crowd) this.#backdrop.startOver();
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
    if (this.#dirty.length > MANY) this.#backdrop.startOver();
    else this.#backdrop.repair(this.#dirty);
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
    const pen = this.#pen;
    if (!pen) return;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.#backdrop.showOn(pen);
    look(pen, this.#camera, this.#ratio);
    const growing = [...this.#hot.keys()]
      .map((id) => this.source.get(id))
      .filter((element) => element !== undefined)
      .sort(byZ);
    for (const element of growing) paint(pen, element, this.looks);
    for (const element of this.#preview) paint(pen, element, this.looks);
    const offered = this.#offered;
    if (offered === undefined) return;
    const element = this.#preview.find(({ id }) => id === offered) ?? this.source.get(offered);
    if (element) paintHandles(pen, element, 1 / this.#camera.scale);
  }
}

/** The same ink with more at its end. */
function grew(before: Element, now: Element): boolean {
  if (!before.points || !now.points || now.points.length <= before.points.length) return false;
  return sameElement({ ...before, points: [] }, { ...now, points: [] });
}
