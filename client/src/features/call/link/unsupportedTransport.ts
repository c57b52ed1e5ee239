import type { RoomConnection } from '../../../connection';
import type { SocketId } from '../../../protocol';
import { UNABLE } from './sdp';
import { NO_TRACKS, type CallTransport, type Remote } from './transport';
import { CANNOT_CALL } from './browserSupport';

const IMPOSSIBLE: Remote = {
  phase: 'impossible',
  failureReason: 'unableHere',
  tracks: NO_TRACKS,
  quality: 'good',
};

const nothing = () => undefined;

/** The transport of a browser without WebRTC: it declines every offer, and tells this person once. */
export function createUnsupportedTransport(
  room: RoomConnection,
  tell: (words: string) => void,
): CallTransport {
  const others = new Set<SocketId>();
  const listeners = new Set<(remotes: ReadonlyMap<SocketId, Remote>) => void>();
  let stops: (() => void)[] = [];
  let told = false;

  const remotes = () => new Map([...others].map((id) => [id, IMPOSSIBLE]));

  function changed() {
    const now = remotes();
    for (const listener of listeners) listener(now);
  }

  function decline(toSocketId: SocketId) {
    // Lost, it is said again to whoever offers.
    room.request('signal:answer', { toSocketId, sdp: UNABLE }).catch(nothing);
  }

  return {
    join() {
      if (stops.length > 0) return;
      stops = [
        room.onJoined(({ you, participants }) => {
          if (!told) tell(CANNOT_CALL);
          told = true;
          others.clear();
          for (const { socketId } of participants) {
            if (socketId !== you.socketId) others.add(socketId);
          }
          others.forEach(decline);
          changed();
        }),
        room.on('user:joined', ({ socketId }) => {
          others.add(socketId);
          decline(socketId);
          changed();
        }),
        room.on('user:left', ({ socketId }) => {
          others.delete(socketId);
          changed();
        }),
        room.on('signal:offer', ({ fromSocketId }) => decline(fromSocketId)),
      ];
    },
    subscribe(listener) {
      listeners.add(listener);
      listener(remotes());
      return () => listeners.delete(listener);
    },
    leave() {
      stops.forEach((stop) => stop());
      stops = [];
      listeners.clear();
    },
    ...{
      publish: nothing,
      setShownHeight: nothing,
      setRejected: nothing,
      relayOnly: nothing,
      level: () => 0,
    },
  };
}
