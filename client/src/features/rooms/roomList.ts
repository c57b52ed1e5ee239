import { createStore } from 'zustand/vanilla';
import { api, inWords } from '../../connection';
import type { RoomListing } from '../../protocol';

export interface RoomListState {
  rooms: readonly RoomListing[] | null;
  problem?: string;
}

/** My rooms, the one joined last first. What was loaded before shows until the new answer. */
export const roomList = createStore<RoomListState>(() => ({ rooms: null }));

export async function loadRooms(): Promise<void> {
  try {
    const { rooms } = await api.rooms();
    roomList.setState({ rooms }, true);
  } catch (error) {
    roomList.setState({ problem: inWords(error) });
  }
}

/** For a sign-out: the next person has other rooms. */
export function forgetRooms() {
  roomList.setState({ rooms: null }, true);
}
