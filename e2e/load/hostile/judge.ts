import type { BoardElements } from '../../../client/src/protocol/index.ts';
import {
  checkAcks,
  checkOrder,
  checkStretch,
  checkWriter,
  type Faults,
  type Line,
} from '../checks.ts';
import { readMessages } from '../history.ts';
import { patiently } from '../patiently.ts';
import { judge, type Judged } from '../verdict.ts';
import type { Group } from './crowd.ts';

/** Compares what is stored with what honest people of one room were told and shown. */
export async function judgeGroup(group: Group, faults: Faults): Promise<void> {
  if (group.isAttacked) return judgeAttacked(group, faults);
  const { owner, shared, people } = group;
  const judged: Judged = {
    owner,
    ...shared,
    writers: people.map(({ chat }) => chat),
    drawers: people.map(({ board }) => board),
    readers: people.map(({ reader }) => reader),
  };
  const { faults: found } = await judge(judged);
  for (const kind of Object.keys(faults) as (keyof Faults)[]) faults[kind].push(...found[kind]);
}

/** Where others erase and redraw, the board is no list of what was drawn: acks are the log to compare with. */
async function judgeAttacked({ owner, shared, people }: Group, faults: Faults): Promise<void> {
  const { roomId, chat, board } = shared;
  const log = await readMessages(owner, roomId);
  checkOrder(log, 'attacked chat log', faults);
  checkAcks(log, chat.acks, 'attacked chat', faults);
  const drawn = acknowledged(board.acks);
  const { elements } = await patiently(() =>
    owner.read<BoardElements>(`/api/rooms/${roomId}/board`),
  );
  const present = new Set(elements.map(({ id }) => id));
  for (const { id } of drawn) if (!present.has(id)) faults.missing.push(`attacked board: ${id}`);
  const ids = new Set(drawn.map(({ id }) => id));
  for (const { chat: writer, board: drawer, reader, strokes } of people) {
    const { name } = reader;
    const steady = (box: typeof writer | typeof drawer) =>
      box.items.filter((item) => item.steady).map((item) => item.id);
    checkWriter(log, steady(writer), name, faults);
    checkWriter(drawn, steady(drawer), name, faults);
    for (const stretch of reader.chat.stretches) checkStretch(log, stretch, name, faults);
    for (const stretch of strokes.stretches) {
      checkOrder(stretch.seen, `${name}'s board`, faults);
      const seen = stretch.seen.filter(({ id }) => ids.has(id));
      checkStretch(drawn, { ...stretch, seen }, `${name}'s board`, faults, reader.drawn);
    }
  }
}

/** Each stroke once, in order. */
function acknowledged(acks: readonly Line[]): Line[] {
  const places = new Map(acks.map(({ id, seq }) => [id, seq]));
  return [...places].map(([id, seq]) => ({ id, seq })).sort((a, b) => a.seq - b.seq);
}
