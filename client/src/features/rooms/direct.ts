import { useEffect } from 'react';
import { useStore } from 'zustand';
import { api } from '../../connection';
import type { RoomListing, RoomPreview, UserId } from '../../protocol';
import { loadRooms, roomList } from './roomList';
import { roomPath } from './roomRef';

/** Opens the room of these two, and says where it is. @throws RequestError */
export async function startDirect(userId: UserId): Promise<string> {
  const { room } = await api.startDirect(userId);
  return roomPath(room.code);
}

/** A room as a person calls it: by its title, or by the other one's name. */
export const listingTitle = ({ room, peer }: RoomListing): string =>
  room.kind === 'direct' ? (peer?.name ?? room.title) : room.title;

/** The same for a room that is about to be opened. */
export function useRoomTitle(preview: RoomPreview): string {
  const direct = preview.room?.kind === 'direct';
  const rooms = useStore(roomList, (state) => state.rooms);
  const listing = rooms?.find((it) => it.room.roomId === preview.roomId);
  const missing = direct && !listing;
  useEffect(() => {
    if (missing) void loadRooms();
  }, [missing]);
  if (!direct) return preview.title;
  return listing ? listingTitle(listing) : 'Direct message';
}
