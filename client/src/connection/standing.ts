import { createStore, type StoreApi } from 'zustand/vanilla';
import { followClock, monotonic } from './clock';
import type { Role, Room, RoomState, ServerEvents, You } from '../protocol';

/** What a room is, and what one is in it, as of now. */
export interface Standing {
  readonly room: Room | null;
  readonly you: You | null;
  /** What to add to [`monotonic`] to get the server's clock. */
  readonly clockAhead: number;
}

interface Source {
  on<E extends keyof ServerEvents>(
    event: E,
    listener: (payload: ServerEvents[E]) => void,
  ): () => void;
  onJoined(listener: (state: RoomState) => void): () => void;
  /** Asks the server what time it is. */
  askTime?(): Promise<number>;
}

/** Follows title, settings, one's own role and the server's clock through joins and changes. */
export function followStanding(
  source: Source,
  now = monotonic,
): { store: StoreApi<Standing>; stop: () => void } {
  const store = createStore<Standing>(() => ({ room: null, you: null, clockAhead: 0 }));
  source.onJoined(({ room, you, serverTime }) =>
    store.setState({ room, you, clockAhead: serverTime - now() }),
  );
  source.on('room:updated', ({ room }) => {
    if (store.getState().room?.roomId === room.roomId) store.setState({ room });
  });
  source.on('user:updated', ({ user }) => {
    const { you } = store.getState();
    if (you?.userId !== user.userId || you.role === user.role) return;
    store.setState({ you: { ...you, role: user.role } });
  });
  const measure = async () => {
    const asked = now();
    const serverTime = await source.askTime?.();
    // Told half way between, as far as one can know.
    if (serverTime) store.setState({ clockAhead: serverTime - (asked + now()) / 2 });
  };
  // Without an answer the next join tells.
  const stop = followClock(() => void measure().catch(() => undefined));
  return { store, stop };
}

/** Whether this role moderates. */
export const isMod = (role: Role | undefined): boolean => role === 'mod' || role === 'owner';
