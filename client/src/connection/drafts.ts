import type { UserId } from '../protocol';

const PREFIX = 'typed';

/** Unsent texts by name, in `localStorage` until they are sent or their author signs out. */
export interface DraftStore {
  read(name: string): string | null;
  /** Null removes it. */
  write(name: string, text: string | null): void;
  /** The names of all drafts. */
  names(): string[];
}

/** A person's drafts in one place, such as a room. Without `localStorage` it is empty and drops what is written. */
export function draftStore(userId: UserId, place: string): DraftStore {
  const start = `${PREFIX}.${userId}.${place}.`;
  return {
    read: (name) => attempt((storage) => storage.getItem(start + name)) ?? null,
    write(name, text) {
      attempt((storage) => {
        if (text === null) storage.removeItem(start + name);
        else storage.setItem(start + name, text);
      });
    },
    names: () => keysOf(start).map((key) => key.slice(start.length)),
  };
}

/** Removes all drafts of a person: the machine may be shared. */
export function forgetDrafts(userId: UserId): void {
  for (const key of keysOf(`${PREFIX}.${userId}.`)) attempt((storage) => storage.removeItem(key));
}

function keysOf(start: string): string[] {
  return attempt((storage) => Object.keys(storage).filter((key) => key.startsWith(start))) ?? [];
}

function attempt<T>(work: (storage: Storage) => T): T | undefined {
  try {
    return work(localStorage);
  } catch {
    // Full or blocked: the text lives in memory then.
    return undefined;
  }
}
