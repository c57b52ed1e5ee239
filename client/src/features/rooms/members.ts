import { createStore, type StoreApi } from 'zustand/vanilla';
import { api, type RoomConnection } from '../../connection';
import type { MemberList, RoomId, RoomMember } from '../../protocol';

export interface Members {
  readonly store: StoreApi<{ members: readonly RoomMember[] }>;
  dispose(): void;
}

const PAUSE_MS = 400;

/** Everyone who belongs to a room: asked for again when someone new comes or a role changes. */
export function createMembers(
  room: RoomConnection,
  fetch: (roomId: RoomId) => Promise<MemberList> = (roomId) => api.members(roomId),
): Members {
  const store = createStore<{ members: readonly RoomMember[] }>(() => ({ members: [] }));
  let later: ReturnType<typeof setTimeout> | undefined;

  // A class that comes in all at once is one question.
  const ask = () => {
    clearTimeout(later);
    later = setTimeout(() => {
      fetch(room.roomId).then(
        ({ members }) => store.setState({ members }),
        // The names of those who are here are known without it.
        () => undefined,
      );
    }, PAUSE_MS);
  };
  const knows = (userId: string) =>
    store.getState().members.some((member) => member.userId === userId);

  const stops = [
    room.onJoined(ask),
    room.on('room:updated', ask),
    room.on('user:joined', ({ user }) => {
      if (!knows(user.userId)) ask();
    }),
  ];
  return {
    store,
    dispose() {
      for (const stop of stops) stop();
      clearTimeout(later);
    },
  };
}
