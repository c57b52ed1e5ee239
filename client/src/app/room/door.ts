import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Room } from '../../connection';
import type { ErrorCode } from '../../protocol';

/** How far in one is; when not, why. */
export type Door =
  | { at: 'before' | 'knocking' | 'waiting' | 'turnedAway' | 'inside' }
  | { at: 'refused'; why: ErrorCode }
  | { at: 'removed'; ban: boolean; reason: string | undefined };

/** Not even knocked. */
export const closedDoor = createStore<Door>(() => ({ at: 'before' }));

/** Whether microphone and camera belong to this page: before the door and inside, and nowhere else. */
export const holdsDevices = ({ at }: Door): boolean =>
  at === 'before' || at === 'knocking' || at === 'inside';

/** What a page has to know of a room's admission and line. */
export function doorOf(room: Room): StoreApi<Door> {
  const look = (): Door => {
    const { admission } = room.admission.getState();
    switch (admission.phase) {
      case 'refused':
        return { at: 'refused', why: admission.error.code };
      case 'removed':
        return { at: 'removed', ban: admission.ban, reason: admission.reason };
      case 'waiting':
      case 'turnedAway':
        return { at: admission.phase };
      case 'joining':
      case 'joined':
        // Once inside one stays there, also while the line is away.
        return { at: room.status.getState().status === 'connecting' ? 'knocking' : 'inside' };
    }
  };
  const door = createStore<Door>(look);
  const update = () => door.setState(look(), true);
  // As old as the room itself, so there is nothing to unsubscribe.
  room.admission.subscribe(update);
  room.status.subscribe(update);
  return door;
}
