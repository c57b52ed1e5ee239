import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { PictureSize, RoomId, UserId } from '../../protocol';

/** An upload that the server has accepted and the room does not show yet: what it takes to resume it. */
export interface PendingUpload {
  readonly uploadId: string;
  readonly fileUrl: string;
  readonly room: RoomId;
  readonly user: UserId;
  readonly name: string;
  readonly size: number;
  readonly mimeType: string;
  /** Pixels; only of a picture. */
  readonly picture?: PictureSize | undefined;
  readonly lastModified: number;
  readonly at: number;
  /** Shared without a message in the chat. */
  readonly quiet?: boolean | undefined;
  /** Reopens the file after a reload, where the browser has handles. */
  readonly handle?: FileSystemFileHandle | undefined;
}

/** The server keeps an unfinished upload this long. */
const KEPT_MS = 24 * 3600 * 1000;

interface Schema extends DBSchema {
  begun: { key: string; value: PendingUpload };
}

/** Pending uploads in IndexedDB. Where the browser has none the list is empty, and uploads still work. */
export interface PendingUploads {
  /** Those of a room and a person, the oldest first; expired ones are removed. */
  list(room: RoomId, user: UserId): Promise<PendingUpload[]>;
  has(uploadId: string): Promise<boolean>;
  put(pending: PendingUpload): Promise<void>;
  remove(uploadId: string): Promise<void>;
}

let opened: Promise<IDBPDatabase<Schema> | undefined> | undefined;

/** One for all rooms, open as long as the page: an upload may end after its room was left. */
export function openPendingUploads(): PendingUploads {
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
      const oldest = Date.now() - KEPT_MS;
      await Promise.all(
        all.filter(({ at }) => at < oldest).map(({ uploadId }) => remove(uploadId)),
      );
      return all
        .filter((it) => it.at >= oldest && it.room === room && it.user === user)
        .sort((one, other) => one.at - other.at);
    },
    has: async (uploadId) => (await attempt((db) => db.getKey('begun', uploadId))) !== undefined,
    async put(pending) {
      await attempt((db) => db.put('begun', pending));
    },
    remove,
  };
}
