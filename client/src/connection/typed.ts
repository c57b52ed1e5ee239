import type { UserId } from '../protocol';

const PREFIX = 'typed';

/** What someone has written and not sent, by name; kept in this browser until it is sent, or they sign out. */
export interface TypedShelf {
  read(name: string): string | null;
  /** Null takes it away. */
  write(name: string, text: string | null): void;
  /** Of all that is kept. */
  names(): string[];
}

/** The shelf of a person for one place, a room for instance. Where the browser keeps nothing, it is empty. */
export function typedShelf(userId: UserId, place: string): TypedShelf {
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

/** For a machine that others use too. */
export function forgetTyped(userId: UserId): void {
  for (const key of keysOf(`${PREFIX}.${userId}.`)) attempt((storage) => storage.removeItem(key));
}

function keysOf(start: string): string[] {
  return attempt((storage) => Object.keys(storage).filter((key) => key.startsWith(start))) ?? [];
}

function attempt<T>(work: (storage: Storage) => T): T | undefined {
  try {
    return work(localStorage);
  } catch {
    // Full or blocked: it lives in memory then.
    return undefined;
  }
}
