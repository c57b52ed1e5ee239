import type { MoveCursor, SendMessage } from '../../../client/src/protocol/index.ts';

/** What is stored before it is told, and what only passes. */
export type Kind = 'chat' | 'cursor';

interface Load {
  event: string;
  payload: (roomId: string, id: number) => object;
  /** As it begins when it comes. */
  head: string;
  /** What the id stands behind. */
  mark: string;
  /** Whether it is shown to its writer too. */
  toAll: boolean;
  /** After that it is counted as lost. */
  limitMs: number;
}

const message = (roomId: string, id: number): SendMessage => ({
  roomId,
  text: `${id} `.padEnd(100, '.'),
});
const cursor = (roomId: string, id: number): MoveCursor => ({ roomId, x: id, y: 0 });

const heard = (event: string) => `42/rooms,["${event}",`;

export const loads: Record<Kind, Load> = {
  chat: {
    event: 'chat:message',
    payload: message,
    head: heard('chat:message'),
    mark: '"text":"',
    toAll: true,
    limitMs: 10_000,
  },
  cursor: {
    event: 'whiteboard:cursor',
    payload: cursor,
    head: heard('whiteboard:cursor'),
    mark: '"x":',
    toAll: false,
    limitMs: 1000,
  },
};

/** The id that a frame bears, if it is one of this load. */
export function idIn({ head, mark }: Pick<Load, 'head' | 'mark'>, frame: string): number {
  if (!frame.startsWith(head)) return NaN;
  const at = frame.indexOf(mark, head.length);
  return at < 0 ? NaN : Number.parseInt(frame.slice(at + mark.length, at + mark.length + 16), 10);
}
