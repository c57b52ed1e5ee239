import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Role, Room, RoomState, ServerEvents, You } from '../protocol';

/** What a room is, and what one is in it, as of now. */
export interface Standing {
  readonly room: Room | null;
  readonly you: You | null;
  /** What to add to this machine's clock to get the server's. */
  readonly clockAhead: number;
}

interface Source {
  on<E extends keyof ServerEvents>(
    event: E,
    listener: (payload: ServerEvents[E]) => void,
  ): () => void;
  onJoined(listener: (state: RoomState) => void): () => void;
}

/** Follows title, settings and one's own role through joins and changes. */
export function followStanding(source: Source, now = Date.now): StoreApi<Standing> {
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
  return store;
}

/** Whether this role moderates. */
export const isMod = (role: Role | undefined): boolean => role === 'mod' || role === 'owner';
