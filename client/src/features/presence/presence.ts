import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Participant, SocketId } from '../../protocol';
import type { RoomConnection } from '../../connection';
import { fold, type Change } from './participants';
import { isolated } from '../../ui';

export interface PresenceState {
  participants: readonly Participant[];
  you: SocketId | null;
  /** People, however many sockets they have; the server's count. */
  online: number;
  /** The last coming, going or raised hand, for the live region. */
  announcement: string;
}

export interface Presence {
  readonly store: StoreApi<PresenceState>;
  dispose(): void;
}

export function createPresence(room: RoomConnection): Presence {
  const store = createStore<PresenceState>(() => ({
    participants: [],
    you: null,
    online: 0,
    announcement: '',
  }));
  const apply = (change: Change, announcement?: string) => {
    const participants = fold(store.getState().participants, change);
    store.setState({
      participants,
      online: new Set(participants.map((person) => person.userId)).size,
      ...(announcement === undefined ? {} : { announcement }),
    });
  };

  const stops = [
    room.onJoined((state) => {
      const first = store.getState().you === null;
      store.setState({ you: state.you.socketId });
      const people = new Set(state.participants.map(({ userId }) => userId)).size;
      const news =
        people === 1
          ? 'You are in. No one else is here.'
          : `You are in. ${people} people are here.`;
      apply({ event: 'state', participants: state.participants }, first ? news : undefined);
    }),
    room.on('user:joined', (it) =>
      apply({ event: 'user:joined', ...it }, `${isolated(it.user.name)} came in`),
    ),
    room.on('user:updated', (it) => {
      const was = store.getState().participants.find((p) => p.socketId === it.socketId);
      const raised = it.user.handRaised && was?.handRaised === false;
      const mine = it.socketId === store.getState().you;
      const news = `${isolated(it.user.name)} raised a hand`;
      apply({ event: 'user:updated', ...it }, raised && !mine ? news : undefined);
    }),
    room.on('user:left', (it) => {
      const who = store.getState().participants.find((p) => p.socketId === it.socketId);
      apply({ event: 'user:left', ...it }, who && `${isolated(who.name)} left`);
    }),
    room.on('presence:update', (it) => store.setState({ online: it.usersOnline.length })),
  ];
  return { store, dispose: () => stops.forEach((stop) => stop()) };
}
