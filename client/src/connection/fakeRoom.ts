import { createStore } from 'zustand/vanilla';
import type { ClientEvents, Message, RoomState, ServerEvents } from '../protocol';
import { followRoomInfo } from './roomInfo';
import { RequestError, type ConnectionStatus, type ResumableRoom, type RoomLog } from './types';

interface Asked {
  event: keyof ClientEvents;
  payload: unknown;
  answer: (ack: unknown) => void;
  refuse: (error: RequestError) => void;
}

/** A room without a network, for tests of features. */
export function fakeRoom() {
  const status = createStore<{ status: ConnectionStatus }>(() => ({ status: 'connecting' }));
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const joinedListeners = new Set<(state: RoomState) => void>();
  const positions = new Map<RoomLog, () => number>();
  const asked: Asked[] = [];
  const told: { event: string; payload: unknown }[] = [];

  const room: Omit<ResumableRoom, 'info'> = {
    roomId: 'r1',
    status,
    request: (event, payload) =>
      new Promise((resolve, reject) => {
        if (status.getState().status !== 'online') {
          reject(new RequestError('unavailable', 'offline', true));
          return;
        }
        asked.push({ event, payload, answer: resolve as (ack: unknown) => void, refuse: reject });
      }),
    send: (event, payload) => told.push({ event, payload }),
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => set.delete(listener);
    },
    onJoined(listener) {
      joinedListeners.add(listener);
      return () => joinedListeners.delete(listener);
    },
    resumeFrom(log, position) {
      positions.set(log, position);
      return () => positions.delete(log);
    },
  };

  const whole: ResumableRoom = { ...room, info: followRoomInfo(room).store };

  return {
    room: whole,
    /** All requests, in order. */
    asked,
    told,
    position: (log: RoomLog) => positions.get(log)?.(),
    emit<E extends keyof ServerEvents>(event: E, payload: ServerEvents[E]) {
      for (const listener of listeners.get(event) ?? []) listener(payload as never);
    },
    join(state: Partial<RoomState> & { messages?: Message[] } = {}) {
      status.setState({ status: 'online' });
      const empty = { messages: [], amended: [], pinned: [], receipts: [], participants: [] };
      const settings = { slowModeSec: 0, whoDraws: 'everyone', whoRunsTimer: 'everyone' };
      const base = { reset: true, chatSeq: 0, boardSeq: 0, serverTime: Date.now(), tasks: [] };
      const itsRoom = { roomId: 'r1', title: 'Room', kind: 'group', settings };
      const you = { socketId: 's-me', userId: 'me', name: 'Me', role: 'member' };
      for (const listener of joinedListeners) {
        listener({ ...empty, ...base, room: itsRoom, you, ...state } as unknown as RoomState);
      }
    },
    drop() {
      status.setState({ status: 'offline' });
    },
  };
}
