import { decode, measure, type PictureSize } from './decode';
import type { Files } from './files';
import { isPicture } from './fileTypes';
import { loadPicture } from './loadPicture';
import { BitmapCache, maxSideFor } from './bitmapCache';
import type { Uploads } from './uploads';

/** Whether a picture can be painted now. */
export type PictureState = { at: 'there'; bitmap: ImageBitmap } | { at: 'coming' | 'gone' };

/** The room's pictures for who paints them: fetched when first looked at, and kept for a while. */
export interface Pictures {
  look(fileUrl: string): PictureState;
  /** As soon as it can be painted; none when it cannot. */
  ready(fileUrl: string): Promise<ImageBitmap | undefined>;
  /** Calls back when the state of a picture changes, until the returned function is called. */
  onChange(listener: (fileUrl: string) => void): () => void;
  /** Of a file not yet shared; none where it is no picture. */
  sizeOf(file: File): Promise<PictureSize | undefined>;
  /** Uploads a picture without a message in the chat; `there` gets its address when the room has it. */
  upload(file: File, there: (fileUrl: string) => void): void;
  dispose(): void;
}

type State = 'away' | 'wanted' | 'there' | 'failed';

const AT_ONCE = 4;

export function createPictures(
  files: Pick<Files, 'store' | 'links'> & { readonly uploads: Pick<Uploads, 'add'> },
  load = loadPicture,
): Pictures {
  const cache = new BitmapCache<ImageBitmap>();
  const states = new Map<string, State>();
  const listeners = new Set<(fileUrl: string) => void>();
  const ended = new AbortController();
  const queue: string[] = [];
  let busy = 0;
  let shared = new Set<string>();

  const tell = (fileUrl: string) => {
    for (const listener of [...listeners]) listener(fileUrl);
  };

  function look(fileUrl: string): PictureState {
    const bitmap = cache.get(fileUrl);
    if (bitmap) return { at: 'there', bitmap };
    const state = states.get(fileUrl);
    if (!shared.has(fileUrl)) {
      // Remembered, for who asks is told when it comes.
      if (state === undefined) states.set(fileUrl, 'away');
      return { at: files.store.getState().listed ? 'gone' : 'coming' };
    }
    if (state === 'failed') return { at: 'gone' };
    if (state !== 'wanted') {
      states.set(fileUrl, 'wanted');
      queue.push(fileUrl);
      fetchNext();
    }
    return { at: 'coming' };
  }

  function fetchNext(): void {
    if (busy >= AT_ONCE) return;
    const fileUrl = queue.shift();
    if (fileUrl === undefined) return;
    busy += 1;
    void load(files, fileUrl, maxSideFor(states.size), ended.signal).then((bitmap) => {
      busy -= 1;
      fetchNext();
      keep(fileUrl, bitmap);
    });
  }

  function keep(fileUrl: string, bitmap: ImageBitmap | undefined): void {
    if (ended.signal.aborted || states.get(fileUrl) !== 'wanted') {
      // Removed meanwhile.
      bitmap?.close();
      return;
    }
    states.set(fileUrl, bitmap ? 'there' : 'failed');
    if (bitmap) cache.set(fileUrl, bitmap);
    tell(fileUrl);
  }

  function follow(first: boolean): void {
    shared = new Set(files.store.getState().files.map((file) => file.fileUrl));
    for (const [fileUrl, state] of [...states]) {
      if (shared.has(fileUrl)) {
        if (state !== 'away' && state !== 'failed') continue;
        states.delete(fileUrl);
      } else {
        if (state === 'away' && !first) continue;
        states.set(fileUrl, 'away');
        cache.delete(fileUrl);
      }
      tell(fileUrl);
    }
  }

  const stop = files.store.subscribe((now, before) => {
    if (now.files !== before.files) follow(now.listed !== before.listed);
  });

  return {
    look,
    ready(fileUrl) {
      return new Promise((resolve) => {
        const settled = () => {
          const now = look(fileUrl);
          if (now.at === 'coming' && !ended.signal.aborted) return false;
          resolve(now.at === 'there' ? now.bitmap : undefined);
          return true;
        };
        if (settled()) return;
        const listener = (changed: string) => {
          if (changed === fileUrl && settled()) listeners.delete(listener);
        };
        listeners.add(listener);
      });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sizeOf: async (file) => (isPicture(file.type) ? measure(file) : undefined),
    upload(file, there) {
      files.uploads.add([file], ({ fileUrl }) => {
        // What one has oneself need not be fetched.
        states.set(fileUrl, 'wanted');
        void decode(file, maxSideFor(states.size)).then((bitmap) => keep(fileUrl, bitmap));
        there(fileUrl);
      });
    },
    dispose() {
      stop();
      ended.abort();
      listeners.clear();
      cache.clear();
    },
  };
}
