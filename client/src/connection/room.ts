import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  ClientEvents,
  ErrorEvent,
  ErrorInfo,
  Joined,
  Kicked,
  RoomId,
  RoomState,
  RoomUpdated,
} from '../protocol';
import { isDownloadStarting } from './startDownload';
import { createSocket } from './socket';
import { followRoomInfo } from './roomInfo';
import {
  RequestError,
  type Admission,
  type ConnectionStatus,
  type ResumableRoom,
  type RoomLog,
} from './types';

const SILENCE_MS = 10_000;
/** A waiting person gets an event; this is for one that got lost. */
const ASK_AGAIN_MS = 30_000;

/** A page that still runs after this time was not left: the person was asked, and stayed. */
const STAYS_MS = 1_000;
const closesEarly = () => /firefox/i.test(navigator.userAgent);

type Ack<A> = ({ ok: true } & A) | { ok: false; error: ErrorInfo };

/** A socket whose events are named by our own table. */
interface EventSocket {
  on(event: string, listener: (payload: never) => void): unknown;
  off(event: string, listener: (payload: never) => void): unknown;
}

/** The whole connection, for the owner of the room session; features get the narrower [`ResumableRoom`]. */
export interface Room extends ResumableRoom {
  readonly admission: StoreApi<{ admission: Admission }>;
  /** Connects and joins. Attach every feature first. */
  enter(): void;
  /** Asks to join again after a refusal. */
  retryJoin(): void;
  /** Joins again under this name and with the present picture, without leaving. */
  rejoinAs(name: string): void;
  /** Sends `leaveRoom`, so that the others see it at once; final. */
  leave(): void;
}

/** A room on its own socket. `givenName` is what the others shall see instead of the profile's name. */
export function createRoom(roomId: RoomId, givenName?: string, open = createSocket): Room {
  let name = givenName;
  const reconnecting = open();
  const { socket } = reconnecting;
  const events = socket as EventSocket;
  const status = createStore<{ status: ConnectionStatus }>(() => ({ status: 'connecting' }));
  const admission = createStore<{ admission: Admission }>(() => ({
    admission: { phase: 'joining' },
  }));
  const joinedListeners = new Set<(state: RoomState) => void>();
  const positions = new Map<RoomLog, () => number>();
  let latest: RoomState | null = null;
  let attempt = 0;
  let acceptedAttempt = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  const isOnline = () => status.getState().status === 'online';
  const goOffline = () => {
    clearTimeout(retryTimer);
    attempt += 1;
    if (isOnline()) status.setState({ status: 'offline' });
  };

  function ask() {
    clearTimeout(retryTimer);
    if (!socket.connected) return;
    const mine = ++attempt;
    // A position left out asks for a fresh start.
    const payload = {
      roomId,
      ...(name ? { name } : {}),
      ...resumePosition('chat', 'chatSeq'),
      ...resumePosition('board', 'boardSeq'),
    };
    socket.timeout(SILENCE_MS).emit('joinRoom', payload, (silence: unknown, ack: Ack<Joined>) => {
      if (mine !== attempt) return;
      if (silence) ask();
      else if (ack.ok) accept(ack.roomState);
      else refuse(ack.error);
    });
  }

  function resumePosition(log: RoomLog, field: 'chatSeq' | 'boardSeq') {
    const position = positions.get(log)?.() ?? 0;
    return position > 0 ? { [field]: position } : {};
  }

  /** By the event or the ack, whichever is first: what follows the event must find us ready. */
  function accept(state: RoomState) {
    if (acceptedAttempt === attempt) return;
    acceptedAttempt = attempt;
    latest = state;
    status.setState({ status: 'online' });
    admission.setState({ admission: { phase: 'joined' } });
    for (const listener of [...joinedListeners]) listener(state);
  }

  function refuse(error: ErrorInfo) {
    if (error.code === 'waiting_for_admission') {
      admission.setState({ admission: { phase: 'waiting' } });
      retryTimer = setTimeout(ask, ASK_AGAIN_MS);
    } else if (error.code === 'unauthorized' || error.code === 'token_expired') {
      // Coming back brings a fresh token.
      socket.disconnect().connect();
    } else if (error.retryable && error.code !== 'room_full') {
      retryTimer = setTimeout(ask, error.retryAfterMs ?? 1_500);
    } else {
      const refusal = new RequestError(error.code, error.message, error.retryable);
      end({ phase: 'refused', error: refusal });
    }
  }

  /** Ends the visit for a reason that trying again does not change. */
  function end(now: Admission) {
    goOffline();
    socket.disconnect();
    admission.setState({ admission: now });
  }

  const isWaiting = () => admission.getState().admission.phase === 'waiting';
  // While waiting for admission: the room has changed, or a moderator has answered.
  const onUpdated = ({ room }: RoomUpdated) => {
    if (room.roomId === roomId && isWaiting()) ask();
  };
  const onError = ({ event, code, message }: ErrorEvent) => {
    if (event !== 'joinRoom' || !isWaiting()) return;
    if (code === 'forbidden') end({ phase: 'denied' });
    // Locked or removed meanwhile: nobody will let them in.
    else end({ phase: 'refused', error: new RequestError(code, message, false) });
  };
  const onKicked = ({ roomId: where, userId, ban, reason }: Kicked) => {
    if (where === roomId && userId === latest?.you.userId) end({ phase: 'removed', ban, reason });
  };

  socket.on('connect', ask);
  socket.on('disconnect', goOffline);
  socket.on('joined', (payload: Joined) => accept(payload.roomState));
  socket.on('room:updated', onUpdated);
  socket.on('error', onError);
  socket.on('control:kicked', onKicked);

  // A waiting person is not in the room; the end of the connection removes them from the waiting list.
  const sendLeave = () => {
    if (socket.connected && !isWaiting()) socket.emit('leaveRoom', { roomId });
  };
  // A page that is hidden for good leaves; one that the browser restores from its cache comes back.
  const onHide = () => {
    sendLeave();
    socket.disconnect();
  };
  // Firefox closes the connection before it tells that the page goes. The page may still stay.
  const onLeaving = () => {
    if (!closesEarly() || isDownloadStarting()) return;
    sendLeave();
    setTimeout(() => {
      if (socket.connected && !isWaiting()) ask();
    }, STAYS_MS);
  };
  const onShow = (event: PageTransitionEvent) => {
    if (event.persisted) socket.connect();
  };

  const on: Room['on'] = (event, listener) => {
    events.on(event, listener);
    return () => events.off(event, listener);
  };
  const onJoined: Room['onJoined'] = (listener) => {
    joinedListeners.add(listener);
    if (latest && isOnline()) listener(latest);
    return () => joinedListeners.delete(listener);
  };
  function request<E extends keyof ClientEvents>(event: E, payload: ClientEvents[E]['payload']) {
    return new Promise<ClientEvents[E]['ack']>((resolve, reject) => {
      const unavailable = (why: string) => new RequestError('unavailable', why, true);
      if (!isOnline()) {
        reject(unavailable('Not connected.'));
        return;
      }
      socket
        .timeout(SILENCE_MS)
        .emit(event, payload, (silence: unknown, ack: Ack<ClientEvents[E]['ack']>) => {
          if (silence) reject(unavailable('No answer.'));
          else if (ack.ok) resolve(ack);
          else {
            const { code, message, retryable, retryAfterMs } = ack.error;
            reject(new RequestError(code, message, retryable, retryAfterMs));
          }
        });
    });
  }

  // Before any feature listens, so that each finds it up to date.
  const askTime = async () => {
    const chatSeq = positions.get('chat')?.() ?? 0;
    return (await request('room:sync', { roomId, chatSeq })).serverTime;
  };
  const { store: info, stop: stopInfo } = followRoomInfo({ on, onJoined, askTime });

  return {
    roomId,
    status,
    info,
    admission,

    enter() {
      window.addEventListener('beforeunload', onLeaving);
      window.addEventListener('pagehide', onHide);
      window.addEventListener('pageshow', onShow);
      socket.connect();
    },

    retryJoin() {
      admission.setState({ admission: { phase: 'joining' } });
      if (socket.connected) ask();
      else socket.connect();
    },

    rejoinAs(now) {
      name = now;
      if (isOnline()) ask();
    },

    leave() {
      window.removeEventListener('beforeunload', onLeaving);
      window.removeEventListener('pagehide', onHide);
      window.removeEventListener('pageshow', onShow);
      clearTimeout(retryTimer);
      sendLeave();
      reconnecting.close();
      stopInfo();
      socket.off();
      status.setState({ status: 'ended' });
    },

    request,

    send(event, payload) {
      if (!isOnline()) return;
      // Volatile drops also what merely follows closely: fine for a cursor, never for a candidate.
      if (event === 'whiteboard:cursor') socket.volatile.emit(event, payload);
      else socket.emit(event, payload);
    },

    on,
    onJoined,

    resumeFrom(log, position) {
      positions.set(log, position);
      return () => {
        if (positions.get(log) === position) positions.delete(log);
      };
    },
  };
}
