import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { PictureSize, RoomId, UserId } from '../../protocol';

/** An upload that the server knows of and the room does not yet: what it takes to go on with it. */
export interface Begun {
  readonly uploadId: string;
  readonly fileUrl: string;
  readonly room: RoomId;
  readonly user: UserId;
  readonly name: string;
  readonly size: number;
  readonly mimeType: string;
  /** Of a picture. */
  readonly picture?: PictureSize | undefined;
  readonly lastModified: number;
  readonly at: number;
  /** Shared without a word in the chat. */
  readonly quiet?: boolean | undefined;
  /** The way back to the file, where the browser has one. */
  readonly handle?: FileSystemFileHandle | undefined;
}

/** So long the server waits until an upload is shown in its room. */
const WAITED_FOR_MS = 24 * 3600 * 1000;

interface Schema extends DBSchema {
  begun: { key: string; value: Begun };
}

/** Outlives the page. Where the browser keeps nothing it is empty, and uploads still work. */
export interface Shelf {
  /** Those of a room and a person, the oldest first; what the server waits for no more goes away. */
  list(room: RoomId, user: UserId): Promise<Begun[]>;
  has(uploadId: string): Promise<boolean>;
  put(begun: Begun): Promise<void>;
  remove(uploadId: string): Promise<void>;
}

let opened: Promise<IDBPDatabase<Schema> | undefined> | undefined;

/** One for all rooms, and open as long as the page: an upload may end after its room was left. */
export function openShelf(): Shelf {
  opened ??= openDB<Schema>('studyrooms-uploads', 1, {
    upgrade: (fresh) => void fresh.createObjectStore('begun', { keyPath: 'uploadId' }),
  }).catch(() => undefined);
  const attempt = async <T>(work: (db: IDBPDatabase<Schema>) => Promise<T>) => {
    const db = await opened;
    return db && work(db).catch(() => undefined);
  };
  const remove = async (uploadId: string) => {
    await attempt((db) => db.delete('begun', uploadId));
  };
  return {
    async list(room, user) {
      const all = (await attempt((db) => db.getAll('begun'))) ?? [];
      const oldest = Date.now() - WAITED_FOR_MS;
      await Promise.all(
        all.filter(({ at }) => at < oldest).map(({ uploadId }) => remove(uploadId)),
      );
      return all
        .filter((it) => it.at >= oldest && it.room === room && it.user === user)
        .sort((one, other) => one.at - other.at);
    },
    has: async (uploadId) => (await attempt((db) => db.getKey('begun', uploadId))) !== undefined,
    async put(begun) {
      await attempt((db) => db.put('begun', begun));
    },
    remove,
  };
}
