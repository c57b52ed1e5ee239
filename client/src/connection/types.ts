import type { ClientEvents, ErrorCode, RoomId, RoomState, ServerEvents } from '../protocol';
import type { StoreApi } from 'zustand/vanilla';
import type { RoomInfo } from './roomInfo';

/** `connecting` until the first success; `offline` while the socket is away and trying again. */
export type ConnectionStatus = 'connecting' | 'online' | 'offline' | 'ended';

/** A request the server refused, or that got no answer (`unavailable`, retryable). */
export class RequestError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly retryable: boolean,
    readonly retryAfterMs?: number,
  ) {
    super(message);
    this.name = 'RequestError';
  }
}

/** What a feature may do with the room it is in. Everything else about sockets stays behind it. */
export interface RoomConnection {
  /** The room's id, also where it was opened by its code. */
  readonly roomId: RoomId;
  readonly status: StoreApi<{ status: ConnectionStatus }>;
  /** Kept up to date; updated before any other listener is called. */
  readonly info: StoreApi<RoomInfo>;
  /**
   * Sends and waits for the ack.
   * @throws RequestError as the ack says; `unavailable` at once while offline, or after 10 s of silence.
   */
  request<E extends keyof ClientEvents>(
    event: E,
    payload: ClientEvents[E]['payload'],
  ): Promise<ClientEvents[E]['ack']>;
  /** Sends without an ack; dropped while offline. For cursors, typing and the like. */
  send<E extends keyof ClientEvents>(event: E, payload: ClientEvents[E]['payload']): void;
  /** Calls back in the order of arrival, until the returned function is called. */
  on<E extends keyof ServerEvents>(
    event: E,
    listener: (payload: ServerEvents[E]) => void,
  ): () => void;
  /** Calls back with the state of every (re)join, at once if there is one already. */
  onJoined(listener: (state: RoomState) => void): () => void;
}

/** Which of a room's two logs. */
export type RoomLog = 'chat' | 'board';

/** A room whose features say how much of a log they hold, so that a rejoin sends only the rest. */
export interface ResumableRoom extends RoomConnection {
  /** Asked on every (re)join, until the returned function is called. 0 asks for a fresh start. */
  resumeFrom(log: RoomLog, position: () => number): () => void;
}

/**
 * How far joining has got. `waiting` asks again by itself; `denied` and `removed`
 * are a moderator's decision.
 */
export type Admission =
  | { phase: 'joining' }
  | { phase: 'joined' }
  | { phase: 'waiting' }
  | { phase: 'denied' }
  | { phase: 'removed'; ban: boolean; reason: string | undefined }
  | { phase: 'refused'; error: RequestError };
