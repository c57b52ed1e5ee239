import { createStore, type StoreApi } from 'zustand/vanilla';
import { errorMessage, isModerator, type RoomConnection, type RoomInfo } from '../../connection';
import type {
  MediaKind,
  OnlineUser,
  Role,
  RoomId,
  RoomSettingsPatch,
  SocketId,
  UserId,
} from '../../protocol';

export interface Control {
  readonly roomId: RoomId;
  readonly roomInfo: StoreApi<RoomInfo>;
  /** Who stands at the door; for moderators. */
  readonly store: StoreApi<{ waiting: readonly OnlineUser[] }>;
  mute(targetSocketId: SocketId, kind: MediaKind, on: boolean): void;
  /** With a ban, `addressSec` keeps newcomers from the same network out for so many seconds. */
  kick(userId: UserId, ban: boolean, reason: string, addressSec?: number): void;
  /** Sends all guests out. True when the server did. */
  removeGuests(reason: string): Promise<boolean>;
  unban(userId: UserId): Promise<boolean>;
  setRole(userId: UserId, role: Role): void;
  admit(userId: UserId, admit: boolean): void;
  /** True when the server took them. */
  changeSettings(settings: RoomSettingsPatch): Promise<boolean>;
  dispose(): void;
}

/** What moderators do. The server decides; this asks, and says what did not work. */
export function createControl(room: RoomConnection, tell: (words: string) => void): Control {
  const { roomId } = room;
  const store = createStore<{ waiting: readonly OnlineUser[] }>(() => ({ waiting: [] }));

  async function ask(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      tell(
        errorMessage(error, {
          forbidden: 'Your role does not allow that.',
          not_found: 'That person is not here any more.',
        }),
      );
      return false;
    }
  }
  const waits = (users: readonly OnlineUser[]) => store.setState({ waiting: users });

  async function decide(userId: UserId, admit: boolean) {
    const worked = await ask(room.request('control:admit', { roomId, userId, admit }));
    if (worked) waits(store.getState().waiting.filter((it) => it.userId !== userId));
  }

  const stops = [
    room.on('control:waiting', (it) => {
      if (it.roomId === roomId) waits(it.users);
    }),
    // What was heard before may have changed while the line was away; the server tells it again.
    room.status.subscribe(({ status }) => {
      if (status !== 'online') waits([]);
    }),
    room.info.subscribe(({ you }) => {
      if (!isModerator(you?.role) && store.getState().waiting.length > 0) waits([]);
    }),
  ];

  return {
    roomId,
    roomInfo: room.info,
    store,
    mute: (targetSocketId, kind, on) =>
      void ask(room.request('control:mute', { targetSocketId, kind, on })),
    kick: (userId, ban, reason, addressSec) =>
      void ask(
        room.request('control:kick', {
          roomId,
          userId,
          ban,
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
          ...(ban && addressSec !== undefined ? { addressSec } : {}),
        }),
      ),
    removeGuests: (reason) =>
      ask(
        room.request('control:removeGuests', {
          roomId,
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        }),
      ),
    unban: (userId) => ask(room.request('control:unban', { roomId, userId })),
    setRole: (userId, role) => void ask(room.request('control:role', { roomId, userId, role })),
    admit: (userId, admit) => void decide(userId, admit),
    changeSettings: (settings) => ask(room.request('control:settings', { roomId, settings })),
    dispose: () => stops.forEach((stop) => stop()),
  };
}
