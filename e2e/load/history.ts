import type { BoardSnapshot, BoardUpdate, MessagePage } from '../../client/src/protocol/index.ts';
import { ask, type Person, Refused } from '../people.ts';
import type { Line } from './checks.ts';
import { patiently } from './patiently.ts';
import { elementLine, messageLine } from './reader.ts';
import { comesTrue } from './waiting.ts';

/** All messages of a room, by HTTP and page by page. */
export async function readMessages(person: Person, roomId: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (let after: number | null = 0; after !== null;) {
    const query = `?limit=100&after=${after}`;
    const page: MessagePage = await patiently(() => person.history(roomId, query));
    lines.push(...page.messages.map(messageLine));
    after = page.next;
  }
  return lines;
}

/** The board as someone sees it who comes anew, and the position of its log. */
export async function readBoard(
  person: Person,
  roomId: string,
): Promise<{ lines: Line[]; seq: number }> {
  return patiently(() => readBoardOnce(person, roomId));
}

async function readBoardOnce(
  person: Person,
  roomId: string,
): Promise<{ lines: Line[]; seq: number }> {
  const socket = person.connect();
  const parts: BoardSnapshot[] = [];
  const updates: BoardUpdate[] = [];
  socket.on('whiteboard:snapshot', (part: BoardSnapshot) => parts.push(part));
  socket.on('whiteboard:update', (update: BoardUpdate) => updates.push(update));
  const ack = await ask(socket, 'joinRoom', { roomId });
  if (!ack.ok) {
    socket.disconnect();
    throw new Refused(`joinRoom ${roomId}`, 0, ack.error);
  }
  const { boardSeq } = ack.roomState;
  const reached = () => updates.at(-1)?.seq ?? parts[0]?.seq ?? -1;
  const isWhole = () => parts.length > 0 && parts.length === parts[0]?.parts;
  const came = await comesTrue(() => isWhole() && reached() >= boardSeq, 10_000);
  socket.disconnect();
  if (!came) throw new Error(`the board did not come: ${parts.length} parts, at ${reached()}`);
  const lines = parts.flatMap((part) => part.elements.map(elementLine));
  lines.push(...updates.map(({ seq, opId }) => ({ seq, id: opId })));
  return { lines, seq: reached() };
}
