import { createStore, type StoreApi } from 'zustand/vanilla';
import { api, sameOriginUrl, errorMessage, type RoomConnection } from '../../connection';
import type { FileLinks, FileMeta, UserId } from '../../protocol';
import { openPendingUploads } from './pendingUploads';
import { createUploads, type Uploads } from './uploads';
import { isolated } from '../../ui';

export interface FilesState {
  files: readonly FileMeta[];
  /** Whether these are all. */
  listed: boolean;
}

export interface Files {
  readonly store: StoreApi<FilesState>;
  /** Uploads to this room. */
  readonly uploads: Uploads;
  remove(file: FileMeta): void;
  /** Signed addresses, good for some minutes; none when the file is gone. */
  links(fileUrl: string): Promise<FileLinks | undefined>;
  dispose(): void;
}

/** A new address is asked for this long before the old one expires. */
const EARLY_MS = 60_000;

/** The files of a room, and the uploads to it. */
export function createFiles(
  room: RoomConnection,
  me: { userId: UserId },
  tell: (words: string) => void,
): Files {
  const { roomId } = room;
  const store = createStore<FilesState>(() => ({ files: [], listed: false }));
  const known = new Map<string, { links: Promise<FileLinks>; until: number }>();

  const put = (file: FileMeta) =>
    store.setState(({ files }) => ({
      files: [file, ...files.filter((it) => it.uploadId !== file.uploadId)],
    }));
  const forget = (uploadId: string) =>
    store.setState(({ files }) => ({ files: files.filter((it) => it.uploadId !== uploadId) }));

  async function load(): Promise<void> {
    try {
      store.setState({ files: (await api.files(roomId)).files, listed: true });
    } catch (error) {
      tell(`The files could not be listed. ${errorMessage(error)}`);
    }
  }

  const { userId } = me;
  const uploads = createUploads({
    room,
    userId,
    pendingUploads: openPendingUploads(),
    tell,
    shared: put,
  });
  const stops = [
    room.onJoined(() => void load()),
    room.on('file:shared', ({ fileMeta }) => put(fileMeta)),
    room.on('file:deleted', ({ uploadId }) => forget(uploadId)),
  ];

  return {
    store,
    uploads,
    remove(file) {
      api.deleteFile(file.fileUrl).then(
        () => forget(file.uploadId),
        (error: unknown) => tell(`${isolated(file.name)} is still there. ${errorMessage(error)}`),
      );
    },
    async links(fileUrl) {
      const found = known.get(fileUrl);
      if (found && found.until > Date.now()) {
        return found.links.catch(() => undefined);
      }
      const links = api.fileLinks(fileUrl).then((fresh) => ({
        ...fresh,
        download: sameOriginUrl(fresh.download),
        ...(fresh.inline === undefined ? {} : { inline: sameOriginUrl(fresh.inline) }),
        ...(fresh.thumbnail === undefined ? {} : { thumbnail: sameOriginUrl(fresh.thumbnail) }),
      }));
      known.set(fileUrl, { links, until: Date.now() + 300_000 - EARLY_MS });
      try {
        return await links;
      } catch {
        known.delete(fileUrl);
        return undefined;
      }
    },
    dispose() {
      for (const stop of stops) stop();
      uploads.dispose();
    },
  };
}
