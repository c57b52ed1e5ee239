import type { BoardOp, Element, ElementId, ElementPatch, Point, UserId } from '../../../protocol';

/** What a fold works on: the confirmed board, or the layer of unconfirmed ops above it. */
export interface Elements {
  get(id: ElementId): Element | undefined;
  set(element: Element): void;
  delete(id: ElementId): void;
  /** Removes all and says what was there. */
  clear(): Iterable<ElementId>;
  /** The highest `z` present, or 0 on an empty board. */
  topZ(): number;
}

/**
 * Applies one batch, as the server does: the cases in fold-cases.json run against both.
 * Returns the ids it touched.
 */
export function fold(board: Elements, by: UserId, ops: readonly BoardOp[]): Set<ElementId> {
  const touched = new Set<ElementId>();
  for (const op of ops) apply(board, by, op, touched);
  return touched;
}

function apply(board: Elements, by: UserId, op: BoardOp, touched: Set<ElementId>): void {
  switch (op.type) {
    case 'stroke': {
      // Stored strokes have ids; one without could not be folded the same way twice.
      if (op.id === undefined) return;
      const { id, points, color, width } = op;
      put(board, by, { id, kind: 'stroke', points, color, width });
      touched.add(id);
      return;
    }
    case 'put':
      put(board, by, op.element);
      touched.add(op.element.id);
      return;
    case 'append':
      append(board, op.id, op.offset, op.points);
      touched.add(op.id);
      return;
    case 'patch':
      patch(board, op.id, op.set);
      touched.add(op.id);
      return;
    case 'erase':
      for (const id of op.ids) {
        board.delete(id);
        touched.add(id);
      }
      return;
    case 'clear':
      for (const id of board.clear()) touched.add(id);
  }
}

function put(board: Elements, by: UserId, element: Element): void {
  const old = board.get(element.id);
  const z = element.z ?? (old ? old.z : board.topZ() + 1);
  const author = old ? old.by : by;
  const fresh = { ...element };
  if (z !== undefined) fresh.z = z;
  if (author !== undefined) fresh.by = author;
  else delete fresh.by;
  board.set(fresh);
}

function append(board: Elements, id: ElementId, offset: number, points: readonly Point[]): void {
  const old = board.get(id);
  if (!old?.points || offset > old.points.length) return;
  // A resent append overlaps what is already there.
  const fresh = points.slice(old.points.length - offset);
  if (fresh.length > 0) board.set({ ...old, points: [...old.points, ...fresh] });
}

function patch(board: Elements, id: ElementId, set: ElementPatch): void {
  const old = board.get(id);
  if (!old) return;
  const { points, ...rest } = set;
  board.set({ ...old, ...rest, ...(points && old.points ? { points } : {}) });
}

/** The order of painting: lowest first. */
export function byZ(a: Element, b: Element): number {
  return (a.z ?? 0) - (b.z ?? 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
