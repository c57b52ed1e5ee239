import { io, type Socket } from 'socket.io-client';
import type { ErrorEvent } from '../protocol';
import { randomId } from './randomId';
import { session } from './session';

// Lives as long as this page, so that a socket that comes back keeps its public id.
const pageSession = randomId();

const MAX_WAIT_MS = 4_000;
/** A server that is restarted, or a network that was changed, is back within seconds: calls wait for it. */
const SOON_MS = 1_200;
const SOON_TRIES = 16;

/** A socket that reconnects by itself until it is closed. */
export interface ReconnectingSocket {
  readonly socket: Socket;
  close(): void;
}

/** A socket on `/rooms`, not yet connected. */
export function createSocket(): ReconnectingSocket {
  const socket = io('/rooms', {
    autoConnect: false,
    // Not shared with a socket that the page before left behind.
    forceNew: true,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 400,
    reconnectionDelayMax: MAX_WAIT_MS,
    auth: (give) => {
      void session
        .freshToken()
        // Signed out, or nobody answers: let the server say which.
        .catch(() => session.token() ?? '')
        .then((token) => give({ token, session: pageSession }));
    },
  });
  socket.io.on('reconnect_attempt', (tries) =>
    socket.io.reconnectionDelayMax(tries < SOON_TRIES ? SOON_MS : MAX_WAIT_MS),
  );
  const stops = [reconnectAfterRefusal(socket), reconnectWithNetwork(socket)];
  return {
    socket,
    close: () => {
      stops.forEach((stop) => stop());
      socket.disconnect();
    },
  };
}

/** Reconnects at once when the network is back: the next try may be seconds away. */
function reconnectWithNetwork(socket: Socket): () => void {
  const onNetwork = () => {
    // Only who is meant to be connected, and is not.
    if (socket.active && !socket.connected) socket.disconnect().connect();
  };
  window.addEventListener('online', onNetwork);
  return () => window.removeEventListener('online', onNetwork);
}

/** Socket.IO gives up when the server itself refuses or ends a connection; we don't. */
function reconnectAfterRefusal(socket: Socket): () => void {
  let refusals = 0;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const later = (ms: number, then: () => void) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(then, ms);
  };
  const again = () => {
    refusals += 1;
    // The first time at once: an expired token ends a socket, and a fresh one is at hand.
    later(refusals === 1 ? 0 : Math.min(MAX_WAIT_MS, 200 * 2 ** refusals), () => socket.connect());
  };

  const againWithAnotherToken = () => {
    session.replaceToken(session.token()).then(again, () => {
      // Signed out for good is the session's to say; the page leaves the room then.
      if (session.store.getState().phase !== 'signedOut') again();
    });
  };
  const isTokenTrouble = (code: string) => code === 'unauthorized' || code === 'token_expired';
  let tokenTrouble = false;

  // A server that lets us in and throws us out at once must not be hammered: forgiven after a while.
  socket.on('connect', () => later(10_000, () => (refusals = 0)));
  // Said before the server ends the connection: after a sign-out on another device, for one.
  socket.on('error', ({ code, event }: ErrorEvent) => {
    tokenTrouble ||= event === undefined && isTokenTrouble(code);
  });
  socket.on('disconnect', (reason) => {
    const refused = tokenTrouble;
    tokenTrouble = false;
    if (reason !== 'io server disconnect') return;
    if (refused) againWithAnotherToken();
    else again();
  });
  socket.on('connect_error', (error) => {
    if (socket.active) return;
    if (isTokenTrouble(error.message)) againWithAnotherToken();
    else again();
  });

  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
