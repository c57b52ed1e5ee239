import type { BoardSnapshot } from '../../../client/src/protocol/index.ts';
import { ask, type Person, type Site } from '../../people.ts';
import { comesTrue } from '../waiting.ts';

const limitMs = 30_000;

/** How long someone waits for a room and all of its board, in milliseconds. */
export async function joinTime(person: Person, site: Site, roomId: string): Promise<number> {
  const beganAt = performance.now();
  const socket = person.at(site).connect();
  let parts = 0;
  let isWhole = false;
  socket.on('whiteboard:snapshot', (part: BoardSnapshot) => {
    parts++;
    isWhole = parts === part.parts;
  });
  try {
    const ack = await ask(socket, 'joinRoom', { roomId });
    if (!ack.ok) throw new Error(`not let in: ${ack.error.code} ${ack.error.message}`);
    if (!(await comesTrue(() => isWhole, limitMs))) throw new Error('the board does not come');
    return performance.now() - beganAt;
  } finally {
    socket.disconnect();
  }
}
