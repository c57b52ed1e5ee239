import type { BoardOp, ElementId, EventId, Point } from '../../../protocol';

/** Ops that the server takes together, known to it by `opId`. Never changed once made. */
export interface Batch {
  readonly opId: EventId;
  readonly ops: readonly BoardOp[];
}

/** The server refuses more ops than this in one batch. */
export const MAX_OPS = 200;
/** Nor does it take more points. */
export const MAX_BATCH_POINTS = 20_000;
/** Bytes of a batch's ops as JSON: the server takes 256 KiB with all that is around them. */
export const MAX_BATCH_BYTES = 200_000;
/** An op above this is cut in several. */
const MAX_OP_BYTES = 100_000;
/** Ids of one `erase`: as long as they may be, below `MAX_OP_BYTES`. */
const MAX_IDS = 1_000;
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
  let points = 0;
  let bytes = 0;
  for (const op of ops.flatMap(pieces)) {
    const size = bytesOf(op);
    const count = pointsOf(op).length;
    const current = lists.at(-1);
    const fits = points + count <= MAX_BATCH_POINTS && bytes + size <= MAX_BATCH_BYTES;
    if (current && current.length < MAX_OPS && fits) {
      current.push(op);
      points += count;
      bytes += size;
    } else {
      lists.push([op]);
      points = count;
      bytes = size;
    }
  }
  return lists;
}

/**
 * Ops that together do the same, none of them too large: a long stroke is put there with its first
 * points, and grows by the others.
 */
function pieces(op: BoardOp): BoardOp[] {
  if (op.type === 'erase' && op.ids.length > MAX_IDS) {
    return chunks(op.ids, MAX_IDS).map((ids) => ({ ...op, ids }));
  }
  const points = pointsOf(op);
  if (points.length < 2 || bytesOf(op) <= MAX_OP_BYTES) return [op];
  const most = Math.max(1, Math.floor((MAX_OP_BYTES * points.length) / bytesOf(points)) - 1);
  const [first = [], ...later] = chunks(points, most);
  const id = idOf(op);
  if (id === undefined) return [op];
  const start = op.type === 'append' ? op.offset : 0;
  return [
    withPoints(op, first),
    ...later.map((part, n): BoardOp => {
      return { type: 'append', id, offset: start + most * (n + 1), points: part };
    }),
  ];
}

function chunks<T>(all: readonly T[], most: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += most) parts.push(all.slice(at, at + most));
  return parts;
}

const encoder = new TextEncoder();
/** As JSON, in UTF-8. */
const bytesOf = (it: unknown): number => encoder.encode(JSON.stringify(it)).length;

function pointsOf(op: BoardOp): readonly Point[] {
  if (op.type === 'stroke' || op.type === 'append') return op.points;
  if (op.type === 'put') return op.element.points ?? [];
  if (op.type === 'patch') return op.set.points ?? [];
  return [];
}

function idOf(op: BoardOp): ElementId | undefined {
  if (op.type === 'put') return op.element.id;
  return 'id' in op ? op.id : undefined;
}

function withPoints(op: BoardOp, points: Point[]): BoardOp {
  if (op.type === 'stroke' || op.type === 'append') return { ...op, points };
  if (op.type === 'put') return { ...op, element: { ...op.element, points } };
  if (op.type === 'patch') return { ...op, set: { ...op.set, points } };
  return op;
}
