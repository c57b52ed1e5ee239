import type { BoardElements } from '../../../client/src/protocol/index.ts';
import type { Site } from '../../people.ts';
import { patiently } from '../patiently.ts';
import { hashOf } from './board-copy.ts';
import type { Room } from './room.ts';

/** Compares a room's board as everyone has it, and as every instance tells it. */
export async function compareBoards(room: Room, instances: readonly Site[]): Promise<string[]> {
  const { owner, roomId, clients } = room;
  const told = await Promise.all(
    instances.map(async (site, index) => {
      const reading = () => owner.at(site).read<BoardElements>(`/api/rooms/${roomId}/board`);
      const { elements, seq } = await patiently(reading);
      return { who: `instance${index + 1}`, what: `${hashOf(elements)} at ${seq}` };
    }),
  );
  const shown = clients.map(({ reader, copy }) => {
    return { who: reader.name, what: `${copy.hash()} at ${copy.seq}` };
  });
  const [first] = told;
  return [...told, ...shown]
    .filter(({ what }) => what !== first?.what)
    .map(({ who, what }) => `${who} has ${what}, instance1 ${first?.what} in ${roomId}`);
}
