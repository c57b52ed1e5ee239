import {
  checkAcks,
  checkNumbering,
  checkOrder,
  checkStretch,
  checkWriter,
  type Faults,
  type Line,
  noFaults,
} from './checks.ts';
import type { Crowd } from './crowd.ts';
import { readBoard, readMessages } from './history.ts';
import type { Outbox } from './outbox.ts';
import type { Reader } from './reader.ts';
import { comesTrue } from './waiting.ts';

export interface Verdict {
  messages: number;
  elements: number;
  faults: Faults;
}

/** Everyone in one room, with what they were told. */
export type Judged = Pick<
  Crowd,
  'owner' | 'roomId' | 'chat' | 'board' | 'writers' | 'drawers' | 'readers'
>;

/** Reads what is stored, and compares it with what was acknowledged and with what was shown. */
export async function judge(crowd: Judged): Promise<Verdict> {
  const { owner, roomId, readers } = crowd;
  const chat = await readMessages(owner, roomId);
  const { lines: board, seq } = await readBoard(owner, roomId);
  const lastMessage = chat.at(-1)?.seq ?? 0;
  // Those who lag are given time; those who never get there have a hole, which is told below.
  await comesTrue(() => readers.every((reader) => reader.hasReached(lastMessage, seq)), 10_000);
  const faults = noFaults();
  checkOrder(chat, 'chat log', faults);
  checkOrder(board, 'board log', faults);
  checkNumbering(board, seq, 'board log', faults);
  checkAcks(chat, crowd.chat.acks, 'chat', faults);
  checkAcks(board, crowd.board.acks, 'board', faults);
  for (const writer of crowd.writers) checkOutbox(chat, writer, faults);
  for (const drawer of crowd.drawers) checkOutbox(board, drawer, faults);
  for (const reader of readers) checkReader(reader, chat, board, faults);
  return { messages: chat.length, elements: board.length, faults };
}

type AnyOutbox = Pick<Outbox<'chat:message'>, 'items' | 'member'>;

function checkOutbox(log: Line[], { items, member }: AnyOutbox, faults: Faults): void {
  // What was refused may be stored after what was sent later; nothing was promised for it.
  const steady = items.filter((item) => item.steady).map((item) => item.id);
  checkWriter(log, steady, member.name, faults);
}

function checkReader(reader: Reader, chat: Line[], board: Line[], faults: Faults): void {
  const logs = { chat, board };
  for (const name of ['chat', 'board'] as const) {
    const [log, view] = [logs[name], reader[name]];
    view.close(log.at(-1)?.seq ?? 0);
    const whose = `${reader.name}'s ${name}`;
    if (view.stretches.length === 0) faults.holes.push(`${whose}: nothing was ever shown`);
    const own = name === 'board' ? reader.drawn : undefined;
    for (const stretch of view.stretches) checkStretch(log, stretch, whose, faults, own);
  }
}
