import { createStore, type StoreApi } from 'zustand/vanilla';
import { api, here, inWords, randomId, type RoomConnection } from '../../connection';
import type { FileLinks, FileMeta } from '../../protocol';
import { thumbnailOf } from './thumbnail';
import { mimeTypeOf, transfer } from './transfer';

/** A file on its way. */
export interface Upload {
  readonly id: string;
  readonly file: File;
  readonly sent: number;
  /** Why it stopped, in words; none while it goes. */
  readonly failure?: string;
}

export interface FilesState {
  files: readonly FileMeta[];
  /** Whether these are all. */
  listed: boolean;
  uploads: readonly Upload[];
}

export interface Files {
  readonly store: StoreApi<FilesState>;
  /** Uploads them, and says them in the chat; or has `then` done with each instead. */
  add(files: readonly File[], then?: (file: FileMeta) => void): void;
  retry(id: string): void;
  cancel(id: string): void;
  remove(file: FileMeta): void;
  /** Addresses that work for a moment; none when the file is gone. */
  links(fileUrl: string): Promise<FileLinks | undefined>;
  dispose(): void;
}

/** An address is asked for anew some time before it ends. */
const EARLY_MS = 60_000;

/** The files of a room, and what is on its way there. */
export function createFiles(room: RoomConnection, tell: (words: string) => void): Files {
  const { roomId } = room;
  const store = createStore<FilesState>(() => ({ files: [], listed: false, uploads: [] }));
  const running = new Map<string, AbortController>();
  const thens = new Map<string, (file: FileMeta) => void>();
  const known = new Map<string, { links: Promise<FileLinks>; until: number }>();

  const change = (id: string, patch: Partial<Upload>) =>
    store.setState(({ uploads }) => ({
      uploads: uploads.map((it) => (it.id === id ? { ...it, ...patch } : it)),
    }));
  const drop = (id: string) => {
    thens.delete(id);
    store.setState(({ uploads }) => ({ uploads: uploads.filter((it) => it.id !== id) }));
  };
  const put = (file: FileMeta) =>
    store.setState(({ files }) => ({
      files: [file, ...files.filter((it) => it.uploadId !== file.uploadId)],
    }));
  const forget = (uploadId: string) =>
    store.setState(({ files }) => ({ files: files.filter((it) => it.uploadId !== uploadId) }));

  async function send(id: string, file: File): Promise<void> {
    const given = new AbortController();
    running.set(id, given);
    try {
      const arrived = await transfer({
        file,
        roomId,
        thumbnail: await thumbnailOf(file),
        signal: given.signal,
        progress: (sent) => change(id, { sent }),
      });
      const { fileMeta } = await room.request('file:uploadMeta', {
        roomId,
        uploadId: arrived.uploadId,
        fileUrl: arrived.fileUrl,
        name: file.name,
        size: file.size,
        mimeType: mimeTypeOf(file),
      });
      put(fileMeta);
      const then = thens.get(id);
      if (then) then(fileMeta);
      else await say(id, fileMeta);
      drop(id);
    } catch (error) {
      if (given.signal.aborted) return;
      change(id, {
        failure: inWords(error, {
          too_large: 'Too large, or there is no room left for files here.',
          bad_request: 'Files like this cannot be shared.',
          unavailable: 'The upload broke off.',
          conflict: 'The upload did not arrive whole.',
        }),
      });
    } finally {
      running.delete(id);
    }
  }

  const say = (id: string, { fileUrl, name, size, mimeType }: FileMeta) =>
    room.request('chat:message', {
      roomId,
      text: '',
      attachments: [{ fileUrl, name, size, mimeType }],
      eventId: `said-${id}`,
    });

  async function load(): Promise<void> {
    try {
      store.setState({ files: (await api.files(roomId)).files, listed: true });
    } catch (error) {
      tell(`The files could not be listed. ${inWords(error)}`);
    }
  }

  const stops = [
    room.onJoined(() => void load()),
    room.on('file:shared', ({ fileMeta }) => put(fileMeta)),
    room.on('file:deleted', ({ uploadId }) => forget(uploadId)),
  ];

  return {
    store,
    add(files, then) {
      for (const file of files) {
        if (file.size === 0) {
          tell(`${file.name} is empty.`);
          continue;
        }
        const id = randomId();
        if (then) thens.set(id, then);
        store.setState(({ uploads }) => ({ uploads: [...uploads, { id, file, sent: 0 }] }));
        void send(id, file);
      }
    },
    retry(id) {
      const upload = store.getState().uploads.find((it) => it.id === id);
      if (!upload?.failure || running.has(id)) return;
      const { failure: _, ...again } = upload;
      store.setState(({ uploads }) => ({
        uploads: uploads.map((it) => (it.id === id ? { ...again, sent: 0 } : it)),
      }));
      void send(id, upload.file);
    },
    cancel(id) {
      running.get(id)?.abort();
      drop(id);
    },
    remove(file) {
      api.deleteFile(file.fileUrl).then(
        () => forget(file.uploadId),
        (error: unknown) => tell(`${file.name} is still there. ${inWords(error)}`),
      );
    },
    async links(fileUrl) {
      const found = known.get(fileUrl);
      if (found && found.until > Date.now()) {
        return found.links.catch(() => undefined);
      }
      const links = api.fileLinks(fileUrl).then((fresh) => ({
        ...fresh,
        download: here(fresh.download),
        ...(fresh.inline === undefined ? {} : { inline: here(fresh.inline) }),
        ...(fresh.thumbnail === undefined ? {} : { thumbnail: here(fresh.thumbnail) }),
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
      for (const given of running.values()) given.abort();
    },
  };
}
