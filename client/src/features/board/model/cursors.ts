import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RoomConnection } from '../../../connection';
import type { SocketId } from '../../../protocol';
import { followRoster } from './roster';

const PACE_MS = 50;
const FADE_MS = 3_000;

export interface RemoteCursor {
  readonly socketId: SocketId;
  readonly userId: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

export interface Cursors {
  readonly store: StoreApi<{ cursors: readonly RemoteCursor[] }>;
  /** Sends the pointer's position, at most every 50 ms. */
  point(x: number, y: number, tool: string): void;
  dispose(): void;
}

/** Pointers of the others: shown while they move, gone soon after. */
export function createCursors(room: RoomConnection): Cursors {
  const store = createStore<{ cursors: readonly RemoteCursor[] }>(() => ({ cursors: [] }));
  const timers = new Map<SocketId, ReturnType<typeof setTimeout>>();
  let waiting: { x: number; y: number; tool: string } | undefined;
  let pacing: ReturnType<typeof setTimeout> | undefined;

  function remove(socketId: SocketId) {
    clearTimeout(timers.get(socketId));
    timers.delete(socketId);
    const cursors = store.getState().cursors.filter((cursor) => cursor.socketId !== socketId);
    if (cursors.length !== store.getState().cursors.length) store.setState({ cursors });
  }

  const roster = followRoster(room, remove);
  const stop = room.on('whiteboard:cursor', ({ socketId, userId, x, y }) => {
    const name = roster.get(socketId)?.name;
    if (name === undefined) return;
    clearTimeout(timers.get(socketId));
    timers.set(
      socketId,
      setTimeout(() => remove(socketId), FADE_MS),
    );
    const others = store.getState().cursors.filter((cursor) => cursor.socketId !== socketId);
    const cursors = [...others, { socketId, userId, name, x, y }];
    // A stable order keeps the labels from changing places in the page.
    store.setState({ cursors: cursors.sort((a, b) => (a.socketId < b.socketId ? -1 : 1)) });
  });

  function send() {
    pacing = undefined;
    if (!waiting) return;
    room.send('whiteboard:cursor', { roomId: room.roomId, ...waiting });
    waiting = undefined;
    pacing = setTimeout(send, PACE_MS);
  }

  return {
    store,
    point(x, y, tool) {
      waiting = { x: Math.round(x), y: Math.round(y), tool };
      if (pacing === undefined) send();
    },
    dispose() {
      stop();
      roster.dispose();
      clearTimeout(pacing);
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
