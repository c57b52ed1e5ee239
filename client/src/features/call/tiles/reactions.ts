import type { RoomConnection } from '../../../connection';
import type { SocketId } from '../../../protocol';

export interface FloatingReaction {
  readonly id: number;
  readonly emoji: string;
}

/** What floats on whose tile at this moment. */
export type Reactions = ReadonlyMap<SocketId, readonly FloatingReaction[]>;

const FLOAT_MS = 3_000;
/** More would only cover the face. */
const MOST = 5;

/** Follows the emojis that people send; each is gone after a moment. */
export function followReactions(
  room: Pick<RoomConnection, 'on'>,
  set: (reactions: Reactions) => void,
): () => void {
  const all = new Map<SocketId, readonly FloatingReaction[]>();
  const ends = new Set<ReturnType<typeof setTimeout>>();
  let count = 0;

  const put = (socketId: SocketId, floating: readonly FloatingReaction[]) => {
    if (floating.length === 0) all.delete(socketId);
    else all.set(socketId, floating);
    set(new Map(all));
  };

  const stop = room.on('reaction:sent', ({ socketId, emoji }) => {
    const id = ++count;
    put(socketId, [...(all.get(socketId) ?? []), { id, emoji }].slice(-MOST));
    const end = setTimeout(() => {
      ends.delete(end);
      put(
        socketId,
        (all.get(socketId) ?? []).filter((it) => it.id !== id),
      );
    }, FLOAT_MS);
    ends.add(end);
  });
  return () => {
    stop();
    for (const end of ends) clearTimeout(end);
  };
}
