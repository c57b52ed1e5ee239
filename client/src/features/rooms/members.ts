import { createStore, type StoreApi } from 'zustand/vanilla';
import { api, type RoomConnection } from '../../connection';
import type { MemberList, RoomId, RoomMember } from '../../protocol';

export interface Members {
  readonly store: StoreApi<{ members: readonly RoomMember[] }>;
  dispose(): void;
}

const PAUSE_MS = 400;
/** Pages that are read, at most: of the members of a larger room those are known who are here. */
const PAGES = 4;

/** Those who belong to a room, the first to join first: asked for again when someone new comes or a role changes. */
export function createMembers(
  room: RoomConnection,
  fetch: (roomId: RoomId, after?: string) => Promise<MemberList> = (roomId, after) =>
    api.members(roomId, after),
): Members {
  const store = createStore<{ members: readonly RoomMember[] }>(() => ({ members: [] }));
  let later: ReturnType<typeof setTimeout> | undefined;
  let all = true;

  const read = async () => {
    const found: RoomMember[] = [];
    let after: string | undefined;
    for (let page = 0; page < PAGES; page++) {
      const { members, next } = await fetch(room.roomId, after);
      found.push(...members);
      after = next ?? undefined;
      if (after === undefined) break;
    }
    all = after === undefined;
    store.setState({ members: found });
  };

  // A class that comes in all at once is one question.
  const ask = () => {
    clearTimeout(later);
    later = setTimeout(() => {
      // The names of those who are here are known without it.
      read().catch(() => undefined);
    }, PAUSE_MS);
  };
  const knows = (userId: string) =>
    store.getState().members.some((member) => member.userId === userId);

  const stops = [
    room.onJoined(ask),
    room.on('room:updated', ask),
    room.on('user:joined', ({ user }) => {
      if (all && !knows(user.userId)) ask();
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
