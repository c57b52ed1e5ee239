import type { RoomState } from '../../protocol';

/** Whether the room lets this person draw. The server decides; this only keeps tools from lying. */
export function mayDraw({ room, you }: Pick<RoomState, 'room' | 'you'>): boolean {
  return room.settings.whoDraws === 'everyone' || you.role === 'mod' || you.role === 'owner';
}
