import { createStore, type StoreApi } from 'zustand/vanilla';
import { errorMessage, isDownloadStarting, randomId, type RoomConnection } from '../../connection';
import type { FileMeta, UserId } from '../../protocol';
import { alone, onceAlone } from './alone';
import { createArrival } from './arrival';
import type { Begun, Shelf } from './begun';
import { isSame, whyOther } from './same';
import { thumbnailOf } from './thumbnail';
import { askFor, bytesThere, mimeTypeOf, sendMissing, transfer } from './transfer';
import { reopened, wayBackTo } from './wayBack';
import { foldersInWords, isolated, type GivenFiles } from '../../ui';

/** A file on its way to the room. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** As it was given; none while it is not at hand. */
  readonly file?: File | undefined;
  /** Bytes that are there. */
  readonly sent: number;
  /** `brokeOff`: the page was reloaded or the room left meanwhile, and the file is not at hand. */
  readonly stands: 'going' | 'failed' | 'brokeOff';
  /** Why it does not go on, in words. */
  readonly trouble?: string | undefined;
  /** Whether the browser still knows which file it is, and need only be let. */
  readonly oneClick: boolean;
}

export interface Uploads {
  readonly store: StoreApi<{ uploads: readonly Upload[] }>;
  /**
   * Uploads them, and says them in the chat, or has `then` done with each instead. What broke off of
   * the same file is gone on with.
   */
  add(files: readonly File[], then?: Then): void;
  /** The same with what was dropped or pasted, which may be folders. */
  take(given: GivenFiles): void;
  retry(id: string): void;
  /** With what broke off: by the file chosen again, or by the browser's own way back to it. */
  goOn(id: string, file?: File): void;
  /** For good: what came is taken away, and makes room. */
  giveUp(id: string): void;
  /** What is on its way breaks off, to be gone on with when one comes back. */
  dispose(): void;
}

/** What is done with a file as soon as the room has it. */
export type Then = (file: FileMeta) => void;

/** What is not shown of an upload. */
interface Held {
  file?: File;
  then?: Then | undefined;
  begun?: Begun;
  /** Ends it, while it goes. */
  given?: AbortController | undefined;
}

const GIVEN_UP = 'given up';
const LEFT = 'left';

class Stopped extends Error {
  constructor(readonly why: 'elsewhere' | 'file needed') {
    super(why);
  }
}

/** Files to a room: each shown there, and said in the chat, once, however often it breaks off. */
export function createUploads(it: {
  room: RoomConnection;
  userId: UserId;
  shelf: Shelf;
  tell: (words: string) => void;
  shared: (file: FileMeta) => void;
}): Uploads {
  const { room, userId, shelf, tell } = it;
  const { roomId } = room;
  const arrival = createArrival(room, shelf, (file) => {
    it.shared(file);
    const its = [...held.values()].find(({ begun }) => begun?.uploadId === file.uploadId);
    its?.then?.(file);
  });
  const store = createStore<{ uploads: readonly Upload[] }>(() => ({ uploads: [] }));
  const held = new Map<string, Held>();
  /** Of an earlier page, and not listed: another tab may be at it. */
  const awaited = new Set<string>();
  const ended = new AbortController();

  const list = () => store.getState().uploads;
  const change = (id: string, patch: Partial<Upload>) =>
    store.setState({ uploads: list().map((one) => (one.id === id ? { ...one, ...patch } : one)) });
  const put = (upload: Upload, what: Held) => {
    held.set(upload.id, what);
    store.setState({ uploads: [...list(), upload] });
  };
  const drop = (id: string) => {
    held.delete(id);
    store.setState({ uploads: list().filter((one) => one.id !== id) });
  };
  /** What was begun, stands still, and is meant by `fits`. */
  const resting = (fits: (begun: Begun) => boolean) =>
    [...held].find(([, { begun, given }]) => !given && begun !== undefined && fits(begun));

  /** Works at one that was begun, while no other tab does. */
  async function holding(begun: Begun, signal: AbortSignal, work: () => Promise<void>) {
    const free = await alone(begun.uploadId, async () => {
      try {
        await work();
      } catch (error) {
        if (signal.reason === GIVEN_UP) await takeBack(begun);
        throw error;
      }
    });
    if (!free) throw new Stopped('elsewhere');
  }

  async function anew(id: string, what: Held, signal: AbortSignal): Promise<void> {
    const { file } = what;
    if (!file) throw new Stopped('file needed');
    const small = await thumbnailOf(file);
    const thumbnail = small?.thumbnail;
    signal.throwIfAborted();
    const upload = await askFor(file, roomId, thumbnail);
    const { uploadId, fileUrl } = upload;
    const { name, size, lastModified } = file;
    const about = { uploadId, fileUrl, room: roomId, user: userId, at: Date.now() };
    const mimeType = mimeTypeOf(file);
    const way = {
      ...{ handle: wayBackTo(file), quiet: what.then !== undefined },
      ...(small ? { picture: small.size } : {}),
    };
    const begun: Begun = { ...about, name, size, lastModified, mimeType, ...way };
    what.begun = begun;
    await holding(begun, signal, async () => {
      await shelf.put(begun);
      await transfer(upload, thumbnail, { file, signal, progress: (sent) => change(id, { sent }) });
      await arrival.announce(begun);
    });
  }

  async function again(id: string, what: Held, begun: Begun, signal: AbortSignal): Promise<void> {
    await holding(begun, signal, async () => {
      const found = await arrival.look(begun);
      if (found === 'announced') return;
      if (found === 'gone') return anew(id, what, signal);
      change(id, { sent: bytesThere(found, begun.size) });
      const { file } = what;
      if (!file) throw new Stopped('file needed');
      if (found.parts) {
        await sendMissing(found, { file, signal, progress: (sent) => change(id, { sent }) });
        return arrival.announce(begun);
      }
      // What comes at once comes at once again, under a fresh signature.
      await arrival.takeBack(begun);
      return anew(id, what, signal);
    });
  }

  function start(id: string, what: Held): void {
    const given = new AbortController();
    const { begun } = what;
    what.given = given;
    change(id, { stands: 'going', trouble: undefined });
    const way = begun ? again(id, what, begun, given.signal) : anew(id, what, given.signal);
    way
      .finally(() => (what.given = undefined))
      .then(
        () => drop(id),
        (error: unknown) => {
          if (!given.signal.aborted) stopped(id, what, error);
        },
      );
  }

  function stopped(id: string, what: Held, error: unknown): void {
    if (!(error instanceof Stopped))
      change(id, { stands: 'failed', trouble: uploadErrorMessage(error) });
    else if (error.why === 'file needed') change(id, { stands: 'brokeOff' });
    else leaveToOther(id, what);
  }

  function leaveToOther(id: string, { begun }: Held): void {
    drop(id);
    if (!begun) return;
    tell(`${isolated(begun.name)} is on its way in another tab.`);
    listWhenFree(begun);
  }

  /** Lists one of an earlier page as soon as no other tab is at it, unless it is done by then. */
  function listWhenFree(begun: Begun): void {
    awaited.add(begun.uploadId);
    void onceAlone(begun.uploadId, ended.signal, async () => {
      if (await shelf.has(begun.uploadId)) await listWhereItStands(begun);
    }).finally(() => awaited.delete(begun.uploadId));
  }

  async function listWhereItStands(begun: Begun): Promise<void> {
    const { uploadId: id, name, size, handle } = begun;
    const shown = { id, name, size, sent: 0, oneClick: handle !== undefined };
    try {
      const found = await arrival.look(begun);
      if (found === 'announced' || found === 'gone') return;
      put({ ...shown, sent: bytesThere(found, size), stands: 'brokeOff' }, { begun });
    } catch (error) {
      put({ ...shown, stands: 'failed', trouble: uploadErrorMessage(error) }, { begun });
    }
  }

  async function findBrokenOff(): Promise<void> {
    const kept = await shelf.list(roomId, userId);
    const known = new Set([...held.values()].map(({ begun }) => begun?.uploadId));
    for (const begun of kept) {
      if (!known.has(begun.uploadId) && !awaited.has(begun.uploadId)) listWhenFree(begun);
    }
  }

  async function takeBack(begun: Begun): Promise<void> {
    try {
      await arrival.takeBack(begun);
    } catch (error) {
      tell(`${isolated(begun.name)} was not taken back. ${errorMessage(error)}`);
    }
  }

  /** Goes on with the file, if it is the one. */
  function goOnWith(id: string, what: Held, begun: Begun, file: File): void {
    const trouble = whyOther(begun, file);
    if (trouble !== undefined) {
      change(id, { trouble });
      return;
    }
    what.file = file;
    change(id, { file });
    const handle = wayBackTo(file);
    if (handle) {
      what.begun = { ...begun, handle };
      void shelf.put(what.begun);
    }
    start(id, what);
  }

  const askBeforeLeaving = (event: BeforeUnloadEvent) => {
    if (!isDownloadStarting()) event.preventDefault();
  };
  const stops = [
    room.onJoined(() => void findBrokenOff()),
    room.on('file:shared', ({ fileMeta }) => {
      // Another tab went on with it.
      const done = resting(({ uploadId }) => uploadId === fileMeta.uploadId);
      if (done) drop(done[0]);
    }),
    store.subscribe(({ uploads }) => {
      const goes = uploads.some(({ stands }) => stands === 'going');
      if (goes) window.addEventListener('beforeunload', askBeforeLeaving);
      else window.removeEventListener('beforeunload', askBeforeLeaving);
    }),
    () => window.removeEventListener('beforeunload', askBeforeLeaving),
  ];

  const uploads: Uploads = {
    store,
    take({ files, folders }) {
      if (folders.length > 0) tell(foldersInWords(folders));
      uploads.add(files);
    },
    add(files, then) {
      for (const file of files) {
        const { name, size } = file;
        if (size === 0) {
          tell(`${isolated(name)} is empty.`);
          continue;
        }
        const [known, its] = resting((begun) => isSame(begun, file)) ?? [];
        if (known !== undefined && its?.begun) {
          its.then = then;
          its.begun = { ...its.begun, quiet: then !== undefined };
          goOnWith(known, its, its.begun, file);
          continue;
        }
        const [id, what] = [randomId(), { file, then }];
        put({ id, name, size, file, sent: 0, stands: 'going', oneClick: false }, what);
        start(id, what);
      }
    },
    retry(id) {
      const what = held.get(id);
      if (what && !what.given) start(id, what);
    },
    goOn(id, file) {
      const what = held.get(id);
      const begun = what?.begun;
      if (!begun || what.given) return;
      if (file) {
        goOnWith(id, what, begun, file);
      } else if (begun.handle) {
        void reopened(begun.handle).then((found) => {
          if (found) goOnWith(id, what, begun, found);
          else change(id, { oneClick: false, trouble: 'The browser cannot open it any more.' });
        });
      }
    },
    giveUp(id) {
      const what = held.get(id);
      if (!what) return;
      drop(id);
      const { begun, given } = what;
      if (given) {
        // Who works at it takes it back.
        given.abort(GIVEN_UP);
      } else if (begun) {
        void alone(begun.uploadId, () => takeBack(begun)).then((free) => {
          if (!free) leaveToOther(id, what);
        });
      }
    },
    dispose() {
      for (const stop of stops) stop();
      ended.abort();
      for (const { given } of held.values()) given?.abort(LEFT);
    },
  };
  return uploads;
}

function uploadErrorMessage(error: unknown): string {
  return errorMessage(error, {
    too_large: 'Too large, or there is no room left for files here.',
    bad_request: 'Files like this cannot be shared.',
    unavailable: 'The upload broke off.',
    conflict: 'The upload did not arrive whole.',
  });
}
