import { isMod, type Standing } from '../../connection';

/** Whether the room lets this person draw. The server decides; this only keeps tools from lying. */
export function mayDraw({ room, you }: Pick<Standing, 'room' | 'you'>): boolean {
  return room?.settings.whoDraws === 'everyone' || isMod(you?.role);
}
