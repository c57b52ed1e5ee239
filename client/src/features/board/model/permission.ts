import { isModerator, type RoomInfo } from '../../../connection';

/** Whether the room lets this person draw. The server decides; this only hides the tools. */
export function mayDraw({ room, you }: Pick<RoomInfo, 'room' | 'you'>): boolean {
  return room?.settings.whoDraws === 'everyone' || isModerator(you?.role);
}
