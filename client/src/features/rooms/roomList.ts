import { createStore } from 'zustand/vanilla';
import { api, errorMessage } from '../../connection';
import type { RoomListing } from '../../protocol';

export interface RoomListState {
  rooms: readonly RoomListing[] | null;
  /** Where the next ones begin; none when all are here. */
  next?: string | null;
  problem?: string;
}

/** My rooms, the one joined last first. What was loaded before shows until the new answer. */
export const roomList = createStore<RoomListState>(() => ({ rooms: null }));

export async function loadRooms(): Promise<void> {
  try {
    const { rooms, next } = await api.rooms();
    roomList.setState({ rooms, next }, true);
  } catch (error) {
    roomList.setState({ problem: errorMessage(error) });
  }
}

/** Those of the next page, below the ones that are here. */
export async function loadMoreRooms(): Promise<void> {
  const { rooms: before, next: after } = roomList.getState();
  if (!before || !after) return;
  try {
    const { rooms, next } = await api.rooms(after);
    // Loaded anew meanwhile, it begins elsewhere.
    if (roomList.getState().next === after) {
      roomList.setState({ rooms: [...before, ...rooms], next }, true);
    }
  } catch (error) {
    roomList.setState({ problem: errorMessage(error) });
  }
}

/** For a sign-out: the next person has other rooms. */
export function forgetRooms() {
  roomList.setState({ rooms: null }, true);
}
