import type { BoardOp, Element, ElementId, ElementPatch } from '../../../protocol';

/** An undoable change. */
export type Change =
  | { kind: 'add'; elements: readonly Element[] }
  | { kind: 'remove'; ids: readonly ElementId[] }
  | { kind: 'patch'; id: ElementId; from: ElementPatch; to: ElementPatch };

export interface UndoHistory {
  readonly undo: readonly Change[];
  readonly redo: readonly Change[];
}

export const emptyUndoHistory: UndoHistory = { undo: [], redo: [] };

const DEPTH = 200;

/** `inverse` takes back what was just done. */
export function record(history: UndoHistory, inverse: Change): UndoHistory {
  return { undo: [...history.undo, inverse].slice(-DEPTH), redo: [] };
}

interface Step {
  history: UndoHistory;
  ops: BoardOp[];
}

type Lookup = (id: ElementId) => Element | undefined;

/** Skips changes that have no effect any more. */
export function undo(history: UndoHistory, look: Lookup): Step {
  return walk(history, 'undo', 'redo', look);
}

export function redo(history: UndoHistory, look: Lookup): Step {
  return walk(history, 'redo', 'undo', look);
}

function walk(
  history: UndoHistory,
  from: keyof UndoHistory,
  to: keyof UndoHistory,
  look: Lookup,
): Step {
  const left = [...history[from]];
  for (let change = left.pop(); change; change = left.pop()) {
    const done = perform(change, look);
    if (!done) continue;
    const next = { ...history, [from]: left, [to]: [...history[to], done.inverse] };
    return { history: next, ops: done.ops };
  }
  return { history: { ...history, [from]: [] }, ops: [] };
}

/** Does a change to the board as it is now; nothing when it would have no effect. */
function perform(change: Change, look: Lookup): { ops: BoardOp[]; inverse: Change } | undefined {
  switch (change.kind) {
    case 'add': {
      const missing = change.elements.filter((element) => !look(element.id));
      if (missing.length === 0) return undefined;
      return {
        ops: missing.map((element) => ({ type: 'put', element })),
        inverse: { kind: 'remove', ids: missing.map((element) => element.id) },
      };
    }
    case 'remove': {
      const present = change.ids.map(look).filter((element) => element !== undefined);
      if (present.length === 0) return undefined;
      return {
        ops: [{ type: 'erase', ids: present.map((element) => element.id) }],
        inverse: { kind: 'add', elements: present },
      };
    }
    case 'patch':
      return performPatch(change, look);
  }
}

/** Leaves alone what someone else has changed since. */
function performPatch(change: Extract<Change, { kind: 'patch' }>, look: Lookup) {
  const element = look(change.id);
  if (!element) return undefined;
  const keys = (Object.keys(change.to) as (keyof ElementPatch)[]).filter(
    (key) => JSON.stringify(element[key]) === JSON.stringify(change.from[key]),
  );
  if (keys.length === 0) return undefined;
  const to = pick(change.to, keys);
  const ops: BoardOp[] = [{ type: 'patch', id: change.id, set: to }];
  const inverse: Change = { kind: 'patch', id: change.id, from: to, to: pick(change.from, keys) };
  return { ops, inverse };
}

function pick(patch: ElementPatch, keys: readonly (keyof ElementPatch)[]): ElementPatch {
  return Object.fromEntries(keys.map((key) => [key, patch[key]]));
}
