import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Room } from '../../connection';
import type { ErrorCode } from '../../protocol';

/** How far a person has got into the room; when not, why. `preJoin` is the device check before joining. */
export type JoinState =
  | { phase: 'preJoin' | 'joining' | 'waiting' | 'denied' | 'joined' }
  | { phase: 'refused'; why: ErrorCode }
  | { phase: 'removed'; ban: boolean; reason: string | undefined };

/** The state before a room session exists. */
export const NOT_JOINED = createStore<JoinState>(() => ({ phase: 'preJoin' }));

/** Whether the page uses microphone and camera: in the device check and in the room. */
export const holdsDevices = ({ phase }: JoinState): boolean =>
  phase === 'preJoin' || phase === 'joining' || phase === 'joined';

/** The join state of a room, from its admission and connection. */
export function joinStateOf(room: Room): StoreApi<JoinState> {
  const look = (): JoinState => {
    const { admission } = room.admission.getState();
    switch (admission.phase) {
      case 'refused':
        return { phase: 'refused', why: admission.error.code };
      case 'removed':
        return { phase: 'removed', ban: admission.ban, reason: admission.reason };
      case 'waiting':
      case 'denied':
        return { phase: admission.phase };
      case 'joining':
      case 'joined':
        // Once joined it stays so, also while the connection is lost.
        return { phase: room.status.getState().status === 'connecting' ? 'joining' : 'joined' };
    }
  };
  const store = createStore<JoinState>(look);
  const update = () => store.setState(look(), true);
  // As old as the room itself, so there is nothing to unsubscribe.
  room.admission.subscribe(update);
  room.status.subscribe(update);
  return store;
}
