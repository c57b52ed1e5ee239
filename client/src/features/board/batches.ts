import type { BoardOp, EventId, Point } from '../../protocol';

/** Ops that the server takes together, known to it by `opId`. Never changed once made. */
export interface Batch {
  readonly opId: EventId;
  readonly ops: readonly BoardOp[];
}

/** The server refuses more ops than this in one batch. */
export const MAX_OPS = 200;
/** Keeps a batch's payload well below the socket's limit. */
export const MAX_BATCH_POINTS = 10_000;
/** Appends are merged up to here; a stroke may be longer, a packet need not be. */
const MAX_MERGED_POINTS = 2_000;

/** Adds an op to a list not yet sent, joining it to the last one where nothing is lost by it. */
export function merge(ops: BoardOp[], op: BoardOp): void {
  const last = ops.at(-1);
  const joined = last && join(last, op);
  if (joined) ops[ops.length - 1] = joined;
  else ops.push(op);
}

function join(last: BoardOp, op: BoardOp): BoardOp | undefined {
  if (op.type === 'append' && (last.type === 'stroke' || last.type === 'append')) {
    const start = last.type === 'append' ? last.offset : 0;
    const contiguous = last.id === op.id && op.offset === start + last.points.length;
    if (!contiguous || last.points.length + op.points.length > MAX_MERGED_POINTS) return undefined;
    return { ...last, points: [...last.points, ...op.points] };
  }
  if (op.type === 'patch' && last.type === 'patch' && last.id === op.id) {
    return { ...last, set: { ...last.set, ...op.set } };
  }
  if (op.type === 'erase' && last.type === 'erase' && last.ids.length + op.ids.length <= MAX_OPS) {
    return { ...last, ids: [...last.ids, ...op.ids] };
  }
  return undefined;
}

/** Cuts a list of ops into lists that the server takes. */
export function split(ops: readonly BoardOp[]): BoardOp[][] {
  const lists: BoardOp[][] = [];
  let points = Infinity;
  for (const op of ops) {
    const weight = pointsOf(op).length;
    const current = lists.at(-1);
    if (current && current.length < MAX_OPS && points + weight <= MAX_BATCH_POINTS) {
      current.push(op);
      points += weight;
    } else {
      lists.push([op]);
      points = weight;
    }
  }
  return lists;
}

function pointsOf(op: BoardOp): readonly Point[] {
  if (op.type === 'stroke' || op.type === 'append') return op.points;
  if (op.type === 'put') return op.element.points ?? [];
  if (op.type === 'patch') return op.set.points ?? [];
  return [];
}
