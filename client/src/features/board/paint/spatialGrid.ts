import type { ElementId } from '../../../protocol';
import { overlap, type Box } from '../model/geometry';

const CELL = 256;
/** Elements that cover more cells than this are checked in every query. */
const MANY = 64;

/** A spatial index: finds the elements in an area without checking all. */
export class SpatialGrid {
  readonly #boxes = new Map<ElementId, Box>();
  readonly #cells = new Map<string, Set<ElementId>>();
  readonly #large = new Set<ElementId>();

  get(id: ElementId): Box | undefined {
    return this.#boxes.get(id);
  }

  set(id: ElementId, box: Box): void {
    this.delete(id);
    this.#boxes.set(id, box);
    const keys = cellsOf(box);
    if (!keys) {
      this.#large.add(id);
      return;
    }
    for (const key of keys) {
      const cell = this.#cells.get(key);
      if (cell) cell.add(id);
      else this.#cells.set(key, new Set([id]));
    }
  }

  delete(id: ElementId): void {
    const box = this.#boxes.get(id);
    if (!box) return;
    this.#boxes.delete(id);
    this.#large.delete(id);
    for (const key of cellsOf(box) ?? []) {
      const cell = this.#cells.get(key);
      cell?.delete(id);
      if (cell?.size === 0) this.#cells.delete(key);
    }
  }

  clear(): void {
    this.#boxes.clear();
    this.#cells.clear();
    this.#large.clear();
  }

  query(area: Box): Set<ElementId> {
    const keys = cellsOf(area);
    const candidates = new Set<ElementId>(keys ? this.#large : this.#boxes.keys());
    for (const key of keys ?? []) for (const id of this.#cells.get(key) ?? []) candidates.add(id);
    for (const id of candidates) {
      const box = this.#boxes.get(id);
      if (!box || !overlap(box, area)) candidates.delete(id);
    }
    return candidates;
  }
}

/** Undefined when there are too many. */
function cellsOf(box: Box): string[] | undefined {
  const [x0, y0] = [Math.floor(box.x0 / CELL), Math.floor(box.y0 / CELL)];
  const [x1, y1] = [Math.floor(box.x1 / CELL), Math.floor(box.y1 / CELL)];
  const count = (x1 - x0 + 1) * (y1 - y0 + 1);
  // Not a number either, should a foreign element have no finite box.
  if (!(count <= MANY)) return undefined;
  const keys: string[] = [];
  for (let x = x0; x <= x1; x++) for (let y = y0; y <= y1; y++) keys.push(`${x},${y}`);
  return keys;
}
