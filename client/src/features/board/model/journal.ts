import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { EventId } from '../../../protocol';
import type { Batch } from './batches';

interface Row extends Batch {
  readonly room: string;
  readonly user: string;
  /** Rises within a room and user. */
  readonly order: number;
}

interface Schema extends DBSchema {
  unsaved: { key: [string, string, number]; value: Row };
}

/** Keeps what the server has not yet acknowledged, so that a reload does not lose it. */
export interface Journal {
  load(): Promise<Batch[]>;
  add(batches: readonly Batch[]): void;
  remove(opId: EventId): void;
  close(): void;
}

/** Where the browser keeps nothing, the journal is empty and the board still works. */
export function openJournal(room: string, user: string): Journal {
  const opened: Promise<IDBPDatabase<Schema> | undefined> = openDB<Schema>('studyrooms-board', 1, {
    upgrade: (fresh) =>
      void fresh.createObjectStore('unsaved', { keyPath: ['room', 'user', 'order'] }),
  }).catch(() => undefined);
  const orders = new Map<EventId, number>();
  let order = Date.now() * 1_000;

  const attempt = async (work: (db: IDBPDatabase<Schema>) => Promise<unknown>) => {
    const db = await opened;
    // A full disk takes away the safety net, not the board.
    if (db) await work(db).catch(() => undefined);
  };

  return {
    async load() {
      const db = await opened;
      const range = IDBKeyRange.bound([room, user, 0], [room, user, Number.MAX_SAFE_INTEGER]);
      const rows = (await db?.getAll('unsaved', range).catch(() => [])) ?? [];
      for (const row of rows) orders.set(row.opId, row.order);
      return rows.map(({ opId, ops }) => ({ opId, ops }));
    },

    add(batches) {
      if (batches.length === 0) return;
      const rows = batches.map((batch) => ({ ...batch, room, user, order: ++order }));
      for (const row of rows) orders.set(row.opId, row.order);
      void attempt(async (db) => {
        const change = db.transaction('unsaved', 'readwrite');
        await Promise.all([...rows.map((row) => change.store.put(row)), change.done]);
      });
    },

    remove(opId) {
      const at = orders.get(opId);
      if (at === undefined) return;
      orders.delete(opId);
      void attempt((db) => db.delete('unsaved', [room, user, at]));
    },

    close() {
      void opened.then((db) => db?.close());
    },
  };
}
