import { createStore, type StoreApi } from 'zustand/vanilla';
import type { UserId } from '../../../protocol';

/** How loud one hears each person, 0 to 1; whoever is not in it is heard as they are. */
export type Volumes = Readonly<Record<UserId, number>>;

const KEY = 'studyrooms.volumes';
/** People met long ago are forgotten first. */
const MOST = 200;

type Kept = Pick<Storage, 'getItem' | 'setItem'>;

/** Some browsers refuse even the question. */
function keptHere(): Kept | undefined {
  try {
    return (globalThis as { localStorage?: Storage }).localStorage;
  } catch {
    return undefined;
  }
}

export interface VolumeStore {
  readonly state: StoreApi<Volumes>;
  set(userId: UserId, volume: number): void;
}

export function createVolumes(storage: Kept | undefined = keptHere()): VolumeStore {
  const state = createStore<Volumes>(() => parseVolumes(storage?.getItem(KEY) ?? null));
  return {
    state,
    set(userId, volume) {
      const { [userId]: _before, ...others } = state.getState();
      const next = { ...others, ...(volume < 1 && { [userId]: Math.max(0, volume) }) };
      const kept = Object.fromEntries(Object.entries(next).slice(-MOST));
      state.setState(kept, true);
      try {
        storage?.setItem(KEY, JSON.stringify(kept));
      } catch {
        // A browser that keeps nothing has them for this visit.
      }
    },
  };
}

export function parseVolumes(text: string | null): Volumes {
  try {
    const kept: unknown = JSON.parse(text ?? '');
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).filter(
        (entry): entry is [string, number] =>
          typeof entry[1] === 'number' && entry[1] >= 0 && entry[1] <= 1,
      ),
    );
  } catch {
    return {};
  }
}
