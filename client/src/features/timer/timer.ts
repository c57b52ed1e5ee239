import { createStore, type StoreApi } from 'zustand/vanilla';
import { errorMessage, isModerator, type RoomConnection, type RoomInfo } from '../../connection';
import type { ClientEvents, RoomId, TimerLengths, TimerState } from '../../protocol';
import { isQuiet, phaseAnnouncement } from './clock';

type Act = Extract<keyof ClientEvents, `timer:${string}`>;

export interface Timer {
  readonly roomId: RoomId;
  readonly roomInfo: StoreApi<RoomInfo>;
  readonly store: StoreApi<{ state: TimerState | null; busy: boolean }>;
  start(lengths: TimerLengths): void;
  pause(): void;
  resume(): void;
  skip(): void;
  stop(): void;
  dispose(): void;
}

interface Parts {
  /** Says something to the person. */
  tell?: (words: string) => void;
  /** Told when the room is to be quiet, and when no longer. */
  quiet?: (on: boolean) => void;
}

/** The room's study timer. The server keeps the time; this shows it and lets it be run. */
export function createTimer(
  room: RoomConnection,
  { tell = () => undefined, quiet = () => undefined }: Parts = {},
): Timer {
  const { roomId } = room;
  const store = createStore<{ state: TimerState | null; busy: boolean }>(() => ({
    state: null,
    busy: false,
  }));
  let wasQuiet = false;

  const drives = () => room.info.getState().room?.settings.timerDrivesRoom ?? false;

  function hush() {
    const { state } = store.getState();
    const now = state !== null && isQuiet(state, drives());
    if (now === wasQuiet) return;
    wasQuiet = now;
    quiet(now);
  }

  function take(state: TimerState) {
    const { state: was } = store.getState();
    store.setState({ state });
    const news = was && phaseAnnouncement(was, state, drives());
    if (news) tell(news);
    hush();
  }

  async function act(event: Act, lengths: TimerLengths = {}) {
    if (store.getState().busy) return;
    store.setState({ busy: true });
    try {
      const { state } = await room.request(event, { roomId, ...lengths });
      take(state);
    } catch (error) {
      tell(
        errorMessage(error, {
          forbidden: 'Only moderators run the timer in this room.',
          conflict: 'The timer has moved on meanwhile.',
        }),
      );
    }
    store.setState({ busy: false });
  }

  const stops = [
    room.onJoined(({ timer }) => {
      take(timer);
    }),
    room.on('timer:state', ({ state }) => take(state)),
    room.info.subscribe(hush),
  ];

  return {
    roomId,
    roomInfo: room.info,
    store,
    start: (lengths) => void act('timer:start', lengths),
    pause: () => void act('timer:pause'),
    resume: () => void act('timer:resume'),
    skip: () => void act('timer:skip'),
    stop: () => void act('timer:stop'),
    dispose: () => stops.forEach((stop) => stop()),
  };
}

/** Whether the room lets this person run the timer. */
export const mayRun = ({ room, you }: RoomInfo): boolean =>
  room?.settings.whoRunsTimer === 'everyone' || isModerator(you?.role);
