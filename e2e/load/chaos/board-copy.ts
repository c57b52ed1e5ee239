import { createHash } from 'node:crypto';
import { ElementTable } from '../../../client/src/features/board/model/elements.ts';
import { byZ, fold } from '../../../client/src/features/board/model/fold.ts';
import type {
  BoardOp,
  BoardSnapshot,
  BoardUpdate,
  Element,
  UserId,
} from '../../../client/src/protocol/index.ts';

type Entry = Pick<BoardUpdate, 'seq' | 'by' | 'ops'>;

/** One client's board: the room client's own fold, of each entry at its place and none left out. */
export class BoardCopy {
  #table = new ElementTable();
  #seq = 0;
  #parts: Element[] = [];
  /** What came before an entry that precedes it: one's own, whose ack is still under way. */
  readonly #early = new Map<number, Entry>();

  /** All up to here is folded. */
  get seq(): number {
    return this.#seq;
  }

  snapshot({ part, parts, seq, elements }: BoardSnapshot): void {
    if (part === 1) this.#parts = [];
    this.#parts.push(...elements);
    if (part < parts) return;
    this.#table = new ElementTable(this.#parts);
    this.#parts = [];
    this.#seq = seq;
    this.#drain();
  }

  update({ seq, by, ops }: Entry): void {
    if (seq <= this.#seq) return;
    this.#early.set(seq, { seq, by, ops });
    this.#drain();
  }

  acked(by: UserId, seq: number, ops: BoardOp[]): void {
    this.update({ seq, by, ops });
  }

  hash(): string {
    return hashOf(this.#table.values());
  }

  #drain(): void {
    for (const seq of this.#early.keys()) if (seq <= this.#seq) this.#early.delete(seq);
    for (;;) {
      const next = this.#early.get(this.#seq + 1);
      if (!next) return;
      this.#early.delete(next.seq);
      this.#seq = next.seq;
      fold(this.#table, next.by, next.ops);
    }
  }
}

/** The same for the same elements, in whatever order they and their fields come. */
export function hashOf(elements: Iterable<Element>): string {
  const fields = [...elements]
    .sort(byZ)
    .map((element) => Object.entries(element).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 16);
}
