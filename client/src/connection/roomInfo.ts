import { createStore, type StoreApi } from 'zustand/vanilla';
import { onClockJump, monotonic } from './clock';
import type { Role, Room, RoomState, ServerEvents, You } from '../protocol';

/** The room's present settings, this person's membership in it, and the server's clock. */
export interface RoomInfo {
  readonly room: Room | null;
  readonly you: You | null;
  /** Added to [`monotonic`], it gives the server's clock. */
  readonly clockOffsetMs: number;
}

interface Source {
  on<E extends keyof ServerEvents>(
    event: E,
    listener: (payload: ServerEvents[E]) => void,
  ): () => void;
  onJoined(listener: (state: RoomState) => void): () => void;
  /** The server's time, in milliseconds since 1970. */
  askTime?(): Promise<number>;
}

/** Follows title, settings, one's own role and the server's clock through joins and changes. */
export function followRoomInfo(
  source: Source,
  now = monotonic,
): { store: StoreApi<RoomInfo>; stop: () => void } {
  const store = createStore<RoomInfo>(() => ({ room: null, you: null, clockOffsetMs: 0 }));
  source.onJoined(({ room, you, serverTime }) =>
    store.setState({ room, you, clockOffsetMs: serverTime - now() }),
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
    // Taken as read half-way between request and answer.
    if (serverTime) store.setState({ clockOffsetMs: serverTime - (asked + now()) / 2 });
  };
  // Without an answer the next join sets it.
  const stop = onClockJump(() => void measure().catch(() => undefined));
  return { store, stop };
}

/** Whether this role may moderate. */
export const isModerator = (role: Role | undefined): boolean => role === 'mod' || role === 'owner';
