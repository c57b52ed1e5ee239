import type {
  BoardOp,
  BoardSnapshot,
  BoardUpdate,
  Element,
  ElementId,
  EventId,
  UserId,
} from '../../../protocol';
import { merge, split, type Batch } from './batches';
import { ElementTable, Overlay } from './elements';
import { fold } from './fold';

export type Changed = ReadonlySet<ElementId> | 'all';

type Entry = Pick<BoardUpdate, 'seq' | 'by' | 'opId' | 'ops'>;

/**
 * One client's copy of the board: what the server confirmed, in its order, and above it what this
 * client drew and the server has not yet confirmed. No I/O; told what happens, it says what changed.
 */
export class Replica {
  #confirmed = new ElementTable();
  #view: Overlay;
  #seq = 0;
  /** Entries that came before one that precedes them: our own, whose ack is still under way. */
  readonly #early = new Map<number, Entry>();
  #pending: Batch[] = [];
  /** Drawn, but not yet part of a batch. */
  #open: BoardOp[] = [];
  /** The batch the server may have stored without our knowing where. */
  #inFlight: EventId | undefined;
  #parts: Element[] = [];

  constructor(
    readonly me: UserId,
    private readonly newId: () => EventId,
    private readonly changed: (ids: Changed) => void,
    /** Someone's text for an element came while one of ours for it was on its way: ours stands now. */
    private readonly overwritten: (id: ElementId, theirs: string) => void = () => undefined,
  ) {
    this.#view = new Overlay(this.#confirmed);
  }

  get seq(): number {
    return this.#seq;
  }

  get unsaved(): number {
    return this.#pending.length + (this.#open.length > 0 ? 1 : 0);
  }

  get(id: ElementId): Element | undefined {
    return this.#view.get(id);
  }

  elements(): Iterable<Element> {
    return this.#view.values();
  }

  /** Shows own ops at once. */
  draw(ops: readonly BoardOp[]): void {
    for (const op of ops) merge(this.#open, op);
    this.changed(fold(this.#view, this.me, ops));
  }

  /** Batches of an earlier page, older than all drawn since. */
  restore(batches: readonly Batch[]): void {
    this.#pending = [...batches, ...this.#pending];
    this.#rebuild(new Set());
  }

  /** Makes batches of what was drawn, so that it can be kept and sent. */
  seal(): Batch[] {
    const sealed = split(this.#open).map((ops) => ({ opId: this.newId(), ops }));
    this.#open = [];
    this.#pending.push(...sealed);
    return sealed;
  }

  /** The oldest batch, which counts as sent from now on. */
  take(): Batch | undefined {
    const batch = this.#pending[0];
    this.#inFlight = batch?.opId;
    return batch;
  }

  /** The server stored a batch of ours at `seq`. */
  acked(opId: EventId, seq: number): void {
    if (this.#inFlight === opId) this.#inFlight = undefined;
    const batch = this.#pending.find((pending) => pending.opId === opId);
    if (!batch) {
      this.#drain();
    } else if (seq > this.#seq) {
      this.#early.set(seq, { seq, by: this.me, opId, ops: [...batch.ops] });
      this.#drain();
    } else {
      // The snapshot had it already.
      this.#forget(opId);
      this.#rebuild(new Set());
    }
  }

  /** The server did not store it; `drop` when it never will. */
  refused(opId: EventId, drop: boolean): void {
    if (this.#inFlight === opId) this.#inFlight = undefined;
    if (drop) {
      this.#forget(opId);
      this.#rebuild(new Set());
    }
    this.#drain();
  }

  snapshot(part: BoardSnapshot): void {
    // The first of another one: the server began anew.
    if (part.part === 1) this.#parts = [];
    this.#parts.push(...part.elements);
    if (part.part < part.parts) return;
    this.#confirmed = new ElementTable(this.#parts);
    this.#parts = [];
    this.#seq = part.seq;
    for (const seq of this.#early.keys()) if (seq <= part.seq) this.#early.delete(seq);
    this.#overlay();
    this.changed('all');
    this.#drain();
  }

  /** The room is joined anew: parts that an earlier connection began to bring are nothing. */
  joined(): void {
    this.#parts = [];
    this.#drain();
  }

  update(entry: Entry): void {
    if (entry.seq <= this.#seq) return;
    this.#early.set(entry.seq, entry);
    this.#drain();
  }

  #drain(): void {
    // A snapshot that is still coming would take back what is applied now.
    if (this.#parts.length > 0) return;
    const touched = new Set<ElementId>();
    const texts = new Map<ElementId, string>();
    let applied = false;
    while (this.#early.size > 0) {
      let next = this.#early.get(this.#seq + 1);
      // With nothing of ours under way, a missing number was not meant for us.
      if (!next && this.#inFlight === undefined) {
        next = this.#early.get(Math.min(...this.#early.keys()));
      }
      if (!next) break;
      this.#early.delete(next.seq);
      this.#seq = next.seq;
      const mine = this.#pending.some(({ opId }) => opId === next.opId);
      if (!mine) for (const [id, text] of textsOf(next.ops)) texts.set(id, text);
      if (next.by === this.me) this.#forget(next.opId);
      for (const id of fold(this.#confirmed, next.by, next.ops)) touched.add(id);
      applied = true;
    }
    if (applied) this.#rebuild(touched);
    if (texts.size === 0) return;
    const own = textsOf([...this.#pending.flatMap(({ ops }) => ops), ...this.#open]);
    for (const [id, theirs] of texts) if (own.has(id)) this.overwritten(id, theirs);
  }

  #forget(opId: EventId): void {
    this.#pending = this.#pending.filter((batch) => batch.opId !== opId);
    if (this.#inFlight === opId) this.#inFlight = undefined;
  }

  #rebuild(touched: Set<ElementId>): void {
    for (const id of this.#view.changedIds()) touched.add(id);
    this.#overlay();
    for (const id of this.#view.changedIds()) touched.add(id);
    this.changed(touched);
  }

  #overlay(): void {
    this.#view = new Overlay(this.#confirmed);
    for (const batch of this.#pending) fold(this.#view, this.me, batch.ops);
    fold(this.#view, this.me, this.#open);
  }
}

/** The texts that are given to elements that are there. */
function textsOf(ops: readonly BoardOp[]): Map<ElementId, string> {
  const texts = new Map<ElementId, string>();
  for (const op of ops) {
    if (op.type === 'patch' && op.set.text !== undefined) texts.set(op.id, op.set.text);
  }
  return texts;
}
