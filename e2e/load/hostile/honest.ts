import type {
  BoardSnapshot,
  BoardUpdate,
  Draw,
  MessageSent,
  SendMessage,
} from '../../../client/src/protocol/index.ts';
import type { Person, Site } from '../../people.ts';
import type { Line } from '../checks.ts';
import { Outbox, type Trade } from '../outbox.ts';
import { Reader } from '../reader.ts';
import type { Tally } from '../tally.ts';
import { View } from '../view.ts';

/** Milliseconds that honest people waited. */
export interface Latencies {
  /** From sending a message, or a stroke, to its ack. */
  chatAck: number[];
  boardAck: number[];
  /** From sending a message to each time that it is shown to someone. */
  shown: number[];
}

export const noLatencies = (): Latencies => ({ chatAck: [], boardAck: [], shown: [] });

/** What the honest people of one room share. */
export interface Shared {
  roomId: string;
  chat: Tally;
  board: Tally;
  /** When each message and each stroke was first sent. */
  sentAt: Record<'chat' | 'board', Map<string, number>>;
  /** Replaced when another part of the run begins. */
  latencies: Latencies;
}

/** Someone who says a sentence and draws a line every other second, as people do. */
export class Honest {
  readonly reader: Reader;
  readonly chat: Outbox<'chat:message'>;
  readonly board: Outbox<'whiteboard:draw'>;
  /** Strokes of others as they were shown, by id and place; also where others erase and redraw. */
  readonly strokes = new View();
  /** How often the connection ended. */
  disconnects = 0;

  constructor(
    site: Site,
    person: Person,
    name: string,
    private readonly shared: Shared,
  ) {
    const resend = () => {
      this.chat.resend();
      this.board.resend();
    };
    this.reader = new Reader(site, person, shared.roomId, name, shared.chat, resend);
    const { member } = this.reader;
    this.chat = new Outbox(member, this.chatting(), shared.chat);
    this.board = new Outbox(member, this.drawing(), shared.board);
    const { socket } = member;
    socket.on('disconnect', () => this.disconnects++);
    socket.on('chat:message', ({ message }: MessageSent) => this.shown(message.eventId ?? ''));
    socket.on('whiteboard:snapshot', ({ seq, part }: BoardSnapshot) => {
      if (part === 1) this.strokes.begin(seq, seq, []);
    });
    socket.on('whiteboard:update', ({ seq, opId }: BoardUpdate) =>
      this.strokes.add([{ seq, id: opId }]),
    );
  }

  private shown(eventId: string): void {
    const sentAt = this.shared.sentAt.chat.get(eventId);
    if (sentAt !== undefined) this.shared.latencies.shown.push(performance.now() - sentAt);
  }

  /** Only the first sending and the first ack count. */
  private begin(id: string, log: 'chat' | 'board'): void {
    const sentAt = this.shared.sentAt[log];
    if (!sentAt.has(id)) sentAt.set(id, performance.now());
  }

  private waited(id: string, log: 'chat' | 'board', acks: readonly Line[]): void {
    const sentAt = this.shared.sentAt[log].get(id);
    if (sentAt === undefined || acks.some((ack) => ack.id === id)) return;
    this.shared.latencies[`${log}Ack`].push(performance.now() - sentAt);
  }

  private chatting(): Trade<'chat:message'> {
    const { roomId } = this.shared;
    return {
      event: 'chat:message',
      payload: (id): SendMessage => {
        this.begin(id, 'chat');
        return { roomId, text: textOf(id), eventId: id };
      },
      read: (id, { message }) => {
        this.waited(id, 'chat', this.shared.chat.acks);
        const isIt = message.eventId === id && message.text === textOf(id);
        return isIt ? message.seq : `acknowledged as ${JSON.stringify(message)}`;
      },
      inFlight: 2,
      gapMs: 1500,
      most: Infinity,
    };
  }

  private drawing(): Trade<'whiteboard:draw'> {
    const { roomId } = this.shared;
    return {
      event: 'whiteboard:draw',
      payload: (id): Draw => {
        this.begin(id, 'board');
        // Also where its ack is lost: one's own strokes are shown to the others alone.
        this.reader.drawn.add(id);
        const points = Array.from({ length: 20 }, (_, n): [number, number] => [n * 3, id.length]);
        return { roomId, opId: id, ops: [{ type: 'stroke', id, points, color: '#123', width: 2 }] };
      },
      read: (id, { seq }) => {
        this.waited(id, 'board', this.shared.board.acks);
        this.reader.drew({ id, seq });
        return seq;
      },
      inFlight: 2,
      gapMs: 1700,
      most: Infinity,
      // A board may be full of what others drew.
      final: 'too_large',
    };
  }
}

const textOf = (id: string) => `${id} says a sentence of some length, as people do who study.`;
