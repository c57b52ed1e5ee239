import type { Element, ElementId } from '../../../protocol';
import type { Elements } from './fold';

/** The confirmed board. */
export class ElementTable implements Elements {
  readonly #byId = new Map<ElementId, Element>();
  #top: number | undefined;

  constructor(elements: Iterable<Element> = []) {
    for (const element of elements) this.set(element);
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: ElementId): Element | undefined {
    return this.#byId.get(id);
  }

  set(element: Element): void {
    const old = this.#byId.get(element.id);
    if (old && old.z !== element.z) this.delete(element.id);
    if (this.#byId.size === 0) this.#top = element.z ?? 0;
    else if (this.#top !== undefined) this.#top = Math.max(this.#top, element.z ?? 0);
    this.#byId.set(element.id, element);
  }

  delete(id: ElementId): void {
    const old = this.#byId.get(id);
    // Looked for again when it is next asked for: erasing many costs one search.
    if (old && (old.z ?? 0) === this.#top) this.#top = undefined;
    this.#byId.delete(id);
  }

  clear(): Iterable<ElementId> {
    const ids = [...this.#byId.keys()];
    this.#byId.clear();
    this.#top = undefined;
    return ids;
  }

  topZ(): number {
    if (this.#byId.size === 0) return 0;
    this.#top ??= highest(this.#byId.values());
    return this.#top;
  }

  values(): Iterable<Element> {
    return this.#byId.values();
  }
}

/** A layer of changes over a board, leaving that board as it is. */
export class Overlay implements Elements {
  readonly #changes = new Map<ElementId, Element | null>();
  #cleared = false;

  constructor(readonly base: ElementTable) {}

  /** Ids that this layer may show otherwise than the board below. */
  changedIds(): Iterable<ElementId> {
    return this.#cleared ? this.#allIds() : this.#changes.keys();
  }

  get(id: ElementId): Element | undefined {
    const change = this.#changes.get(id);
    if (change !== undefined) return change ?? undefined;
    return this.#cleared ? undefined : this.base.get(id);
  }

  set(element: Element): void {
    this.#changes.set(element.id, element);
  }

  delete(id: ElementId): void {
    this.#changes.set(id, null);
  }

  clear(): Iterable<ElementId> {
    const ids = [...this.values()].map((element) => element.id);
    this.#changes.clear();
    this.#cleared = true;
    return ids;
  }

  /** May exceed the true one after erasures: only the confirmed fold decides. */
  topZ(): number {
    const own = [...this.#changes.values()].filter((element) => element !== null);
    const below = this.#cleared ? 0 : this.base.topZ();
    return own.length === 0 ? below : Math.max(below, highest(own));
  }

  *values(): Iterable<Element> {
    if (!this.#cleared) {
      for (const element of this.base.values()) {
        if (!this.#changes.has(element.id)) yield element;
      }
    }
    for (const element of this.#changes.values()) if (element) yield element;
  }

  *#allIds(): Iterable<ElementId> {
    for (const element of this.base.values()) yield element.id;
    yield* this.#changes.keys();
  }
}

function highest(elements: Iterable<Element>): number {
  let top = -Infinity;
  for (const element of elements) top = Math.max(top, element.z ?? 0);
  return top;
}
