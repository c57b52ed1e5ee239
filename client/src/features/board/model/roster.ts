import type { Participant, SocketId } from '../../../protocol';
import type { RoomConnection } from '../../../connection';

/** Who is in the room, as far as the board needs to know. */
export interface Roster {
  get(socketId: SocketId): Participant | undefined;
  dispose(): void;
}

export function followRoster(room: RoomConnection, left: (socketId: SocketId) => void): Roster {
  const bySocket = new Map<SocketId, Participant>();
  const stops = [
    room.onJoined((state) => {
      bySocket.clear();
      for (const one of state.participants) bySocket.set(one.socketId, one);
    }),
    room.on('user:joined', ({ socketId, user }) => bySocket.set(socketId, user)),
    room.on('user:updated', ({ socketId, user }) => bySocket.set(socketId, user)),
    room.on('user:left', ({ socketId }) => {
      bySocket.delete(socketId);
      left(socketId);
    }),
  ];
  return {
    get: (socketId) => bySocket.get(socketId),
    dispose: () => stops.forEach((stop) => stop()),
  };
}
