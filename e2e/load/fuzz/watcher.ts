import { ask, type Person } from '../../people.ts';
import { pause } from '../waiting.ts';
import type { Tally } from './tally.ts';

/** A healthy client in the attacked room: all that it asks is answered within 5 s. */
export async function watch(
  person: Person,
  roomId: string,
  tally: Tally,
  isOver: () => boolean,
): Promise<number> {
  const { socket } = await person.join(roomId);
  socket.on('disconnect', (reason) => tally.fault(`the watcher was cut off: ${reason}`));
  const asked: Promise<void>[] = [];
  const request = async (turn: number): Promise<void> => {
    const began = performance.now();
    const ack =
      turn % 2 === 0
        ? await ask(socket, 'chat:message', { roomId, text: `still here ${turn}` })
        : await ask(socket, 'room:sync', { roomId, chatSeq: 1_000_000 });
    const took = performance.now() - began;
    if (took > 5_000) tally.fault(`the watcher waited ${Math.round(took)} ms`);
    if (!ack.ok) tally.fault(`the watcher was refused: ${ack.error.code} ${ack.error.message}`);
  };
  while (!isOver()) {
    const failed = (error: unknown) => tally.fault(`the watcher: ${String(error)}`);
    asked.push(request(asked.length).catch(failed));
    await pause(50);
  }
  await Promise.all(asked);
  socket.off('disconnect');
  return asked.length;
}
