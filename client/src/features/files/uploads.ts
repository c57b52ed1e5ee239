import { createStore, type StoreApi } from 'zustand/vanilla';
import { errorMessage, isDownloadStarting, randomId, type RoomConnection } from '../../connection';
import type { FileMeta, UserId } from '../../protocol';
import { ifExclusive, whenExclusive } from './exclusiveTab';
import { createResumableUploads } from './resumeUpload';
import type { PendingUpload, PendingUploads } from './pendingUploads';
import { isSameFile, mismatchMessage } from './fileIdentity';
import { thumbnailOf } from './thumbnail';
import { requestUpload, storedBytes, mimeTypeOf, sendMissing, transfer } from './transfer';
import { reopenFile, handleOf } from './fileHandles';
import { foldersMessage, isolated, type TransferredFiles } from '../../ui';

/** A file on its way to the room. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** Absent after a reload, until it is chosen or opened again. */
  readonly file?: File | undefined;
  /** Bytes that are stored. */
  readonly sent: number;
  /** `interrupted`: the page was reloaded or the room left meanwhile, and the file has to be opened again. */
  readonly status: 'uploading' | 'failed' | 'interrupted';
  /** Why it stopped, as text. */
  readonly error?: string | undefined;
  /** Whether the browser keeps a handle to the file, so that one click resumes it. */
  readonly hasHandle: boolean;
}

export interface Uploads {
  readonly store: StoreApi<{ uploads: readonly Upload[] }>;
  /**
   * Uploads them and posts them to the chat, or calls `then` with each instead. An interrupted upload of
   * the same file is resumed.
   */
  add(files: readonly File[], then?: Then): void;
  /** The same with what was dropped or pasted, which may contain folders. */
  addGiven(given: TransferredFiles): void;
  retry(id: string): void;
  /** Resumes an interrupted upload with the file chosen again, or with the one of its handle. */
  resume(id: string, file?: File): void;
  /** Final: what is stored of it is removed. */
  cancel(id: string): void;
  /** Interrupts running uploads; they can be resumed when the person comes back. */
  dispose(): void;
}

/** Called as soon as the room has the file. */
export type Then = (file: FileMeta) => void;

/** The part of an upload that is not shown. */
interface UploadJob {
  file?: File;
  then?: Then | undefined;
  pending?: PendingUpload;
  /** Set while it runs. */
  running?: AbortController | undefined;
}

const CANCELLED = 'given up';
const LEFT = 'left';

class Stopped extends Error {
  constructor(readonly why: 'elsewhere' | 'file needed') {
    super(why);
  }
}

/** Uploads to a room: each file is shared and posted once, however often it is interrupted. */
export function createUploads(it: {
  room: RoomConnection;
  userId: UserId;
  pendingUploads: PendingUploads;
  tell: (words: string) => void;
  shared: (file: FileMeta) => void;
}): Uploads {
  const { room, userId, pendingUploads, tell } = it;
  const { roomId } = room;
  const resumable = createResumableUploads(room, pendingUploads, (file) => {
    it.shared(file);
    const job = [...jobs.values()].find(({ pending }) => pending?.uploadId === file.uploadId);
    job?.then?.(file);
  });
  const store = createStore<{ uploads: readonly Upload[] }>(() => ({ uploads: [] }));
  const jobs = new Map<string, UploadJob>();
  /** Ids of pending uploads that another tab may be working on; not listed here. */
  const inOtherTabs = new Set<string>();
  const ended = new AbortController();

  const list = () => store.getState().uploads;
  const change = (id: string, patch: Partial<Upload>) =>
    store.setState({ uploads: list().map((one) => (one.id === id ? { ...one, ...patch } : one)) });
  const put = (upload: Upload, job: UploadJob) => {
    jobs.set(upload.id, job);
    store.setState({ uploads: [...list(), upload] });
  };
  const drop = (id: string) => {
    jobs.delete(id);
    store.setState({ uploads: list().filter((one) => one.id !== id) });
  };
  /** A pending job that is not running and fits. */
  const idleJob = (fits: (pending: PendingUpload) => boolean) =>
    [...jobs].find(
      ([, { pending, running }]) => !running && pending !== undefined && fits(pending),
    );

  /** Does `work` while holding the upload's lock. @throws Stopped when another tab holds it. */
  async function exclusively(
    pending: PendingUpload,
    signal: AbortSignal,
    work: () => Promise<void>,
  ) {
    const free = await ifExclusive(pending.uploadId, async () => {
      try {
        await work();
      } catch (error) {
        if (signal.reason === CANCELLED) await discard(pending);
        throw error;
      }
    });
    if (!free) throw new Stopped('elsewhere');
  }

  async function uploadAnew(id: string, job: UploadJob, signal: AbortSignal): Promise<void> {
    const { file } = job;
    if (!file) throw new Stopped('file needed');
    const small = await thumbnailOf(file);
    const thumbnail = small?.thumbnail;
    signal.throwIfAborted();
    const upload = await requestUpload(file, roomId, thumbnail);
    const { uploadId, fileUrl } = upload;
    const { name, size, lastModified } = file;
    const about = { uploadId, fileUrl, room: roomId, user: userId, at: Date.now() };
    const mimeType = mimeTypeOf(file);
    const way = {
      ...{ handle: handleOf(file), quiet: job.then !== undefined },
      ...(small ? { picture: small.size } : {}),
    };
    const pending: PendingUpload = { ...about, name, size, lastModified, mimeType, ...way };
    job.pending = pending;
    await exclusively(pending, signal, async () => {
      await pendingUploads.put(pending);
      await transfer(upload, thumbnail, { file, signal, progress: (sent) => change(id, { sent }) });
      await resumable.announce(pending);
    });
  }

  async function resumeUpload(
    id: string,
    job: UploadJob,
    pending: PendingUpload,
    signal: AbortSignal,
  ): Promise<void> {
    await exclusively(pending, signal, async () => {
      const found = await resumable.resume(pending);
      if (found === 'announced') return;
      if (found === 'gone') return uploadAnew(id, job, signal);
      change(id, { sent: storedBytes(found, pending.size) });
      const { file } = job;
      if (!file) throw new Stopped('file needed');
      if (found.parts) {
        await sendMissing(found, { file, signal, progress: (sent) => change(id, { sent }) });
        return resumable.announce(pending);
      }
      // An upload in one request starts again from the beginning, with a fresh signature.
      await resumable.discard(pending);
      return uploadAnew(id, job, signal);
    });
  }

  function start(id: string, job: UploadJob): void {
    const given = new AbortController();
    const { pending } = job;
    job.running = given;
    change(id, { status: 'uploading', error: undefined });
    const way = pending
      ? resumeUpload(id, job, pending, given.signal)
      : uploadAnew(id, job, given.signal);
    way
      .finally(() => (job.running = undefined))
      .then(
        () => drop(id),
        (error: unknown) => {
          if (!given.signal.aborted) stopped(id, job, error);
        },
      );
  }

  function stopped(id: string, job: UploadJob, error: unknown): void {
    if (!(error instanceof Stopped))
      change(id, { status: 'failed', error: uploadErrorMessage(error) });
    else if (error.why === 'file needed') change(id, { status: 'interrupted' });
    else leaveToOther(id, job);
  }

  function leaveToOther(id: string, { pending }: UploadJob): void {
    drop(id);
    if (!pending) return;
    tell(`${isolated(pending.name)} is on its way in another tab.`);
    listWhenFree(pending);
  }

  /** Lists a pending upload as soon as no other tab holds it, unless it is done by then. */
  function listWhenFree(pending: PendingUpload): void {
    inOtherTabs.add(pending.uploadId);
    void whenExclusive(pending.uploadId, ended.signal, async () => {
      if (await pendingUploads.has(pending.uploadId)) await listInterrupted(pending);
    }).finally(() => inOtherTabs.delete(pending.uploadId));
  }

  async function listInterrupted(pending: PendingUpload): Promise<void> {
    const { uploadId: id, name, size, handle } = pending;
    const shown = { id, name, size, sent: 0, hasHandle: handle !== undefined };
    try {
      const found = await resumable.resume(pending);
      if (found === 'announced' || found === 'gone') return;
      put({ ...shown, sent: storedBytes(found, size), status: 'interrupted' }, { pending });
    } catch (error) {
      put({ ...shown, status: 'failed', error: uploadErrorMessage(error) }, { pending });
    }
  }

  async function findInterrupted(): Promise<void> {
    const kept = await pendingUploads.list(roomId, userId);
    const known = new Set([...jobs.values()].map(({ pending }) => pending?.uploadId));
    for (const pending of kept) {
      if (!known.has(pending.uploadId) && !inOtherTabs.has(pending.uploadId)) listWhenFree(pending);
    }
  }

  async function discard(pending: PendingUpload): Promise<void> {
    try {
      await resumable.discard(pending);
    } catch (error) {
      tell(`${isolated(pending.name)} was not taken back. ${errorMessage(error)}`);
    }
  }

  /** Resumes with this file, if it is the same one. */
  function resumeWith(id: string, job: UploadJob, pending: PendingUpload, file: File): void {
    const error = mismatchMessage(pending, file);
    if (error !== undefined) {
      change(id, { error });
      return;
    }
    job.file = file;
    change(id, { file });
    const handle = handleOf(file);
    if (handle) {
      job.pending = { ...pending, handle };
      void pendingUploads.put(job.pending);
    }
    start(id, job);
  }

  const askBeforeLeaving = (event: BeforeUnloadEvent) => {
    if (!isDownloadStarting()) event.preventDefault();
  };
  const stops = [
    room.onJoined(() => void findInterrupted()),
    room.on('file:shared', ({ fileMeta }) => {
      // Another tab has finished it.
      const done = idleJob(({ uploadId }) => uploadId === fileMeta.uploadId);
      if (done) drop(done[0]);
    }),
    store.subscribe(({ uploads }) => {
      const goes = uploads.some(({ status }) => status === 'uploading');
      if (goes) window.addEventListener('beforeunload', askBeforeLeaving);
      else window.removeEventListener('beforeunload', askBeforeLeaving);
    }),
    () => window.removeEventListener('beforeunload', askBeforeLeaving),
  ];

  const uploads: Uploads = {
    store,
    addGiven({ files, folders }) {
      if (folders.length > 0) tell(foldersMessage(folders));
      uploads.add(files);
    },
    add(files, then) {
      for (const file of files) {
        const { name, size } = file;
        if (size === 0) {
          tell(`${isolated(name)} is empty.`);
          continue;
        }
        const [known, idle] = idleJob((pending) => isSameFile(pending, file)) ?? [];
        if (known !== undefined && idle?.pending) {
          idle.then = then;
          idle.pending = { ...idle.pending, quiet: then !== undefined };
          resumeWith(known, idle, idle.pending, file);
          continue;
        }
        const [id, job] = [randomId(), { file, then }];
        put({ id, name, size, file, sent: 0, status: 'uploading', hasHandle: false }, job);
        start(id, job);
      }
    },
    retry(id) {
      const job = jobs.get(id);
      if (job && !job.running) start(id, job);
    },
    resume(id, file) {
      const job = jobs.get(id);
      const pending = job?.pending;
      if (!pending || job.running) return;
      if (file) {
        resumeWith(id, job, pending, file);
      } else if (pending.handle) {
        void reopenFile(pending.handle).then((found) => {
          if (found) resumeWith(id, job, pending, found);
          else change(id, { hasHandle: false, error: 'The browser cannot open it any more.' });
        });
      }
    },
    cancel(id) {
      const job = jobs.get(id);
      if (!job) return;
      drop(id);
      const { pending, running } = job;
      if (running) {
        // The running job discards it.
        running.abort(CANCELLED);
      } else if (pending) {
        void ifExclusive(pending.uploadId, () => discard(pending)).then((free) => {
          if (!free) leaveToOther(id, job);
        });
      }
    },
    dispose() {
      for (const stop of stops) stop();
      ended.abort();
      for (const { running } of jobs.values()) running?.abort(LEFT);
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
