import { isDeepStrictEqual } from 'node:util';
import type {
  BoardSnapshot,
  BoardUpdate,
  Draw,
  MessageSent,
  SendMessage,
} from '../../../client/src/protocol/index.ts';
import type { Person, Site } from '../../people.ts';
import { Outbox, type Trade } from '../outbox.ts';
import { Reader } from '../reader.ts';
import type { Tally } from '../tally.ts';
import { BoardCopy } from './board-copy.ts';
import { opsOf, textOf } from './content.ts';
import type { Transport } from './transport.ts';

/** From one entry to the next of the same client. */
export interface Pace {
  chatGapMs: number;
  boardGapMs: number;
  mostDrawn: number;
}

/** What a room's clients share. */
export interface Shared {
  roomId: string;
  chat: Tally;
  board: Tally;
  /** From storing a message to showing it, for each one shown live. */
  lagsMs: number[];
}

/** Someone in a room who writes, draws, and watches all that is shown. */
export class Client {
  readonly reader: Reader;
  readonly chat: Outbox<'chat:message'>;
  readonly board: Outbox<'whiteboard:draw'>;
  readonly copy = new BoardCopy();

  constructor(
    site: Site,
    private readonly person: Person,
    name: string,
    private readonly shared: Shared,
    pace: Pace,
    { options }: Transport,
  ) {
    const { roomId, chat, board } = shared;
    const resend = () => {
      this.chat.resend();
      this.board.resend();
    };
    this.reader = new Reader(site, person, roomId, name, chat, resend, options);
    this.chat = new Outbox(this.reader.member, chatting(roomId, pace), chat);
    this.board = new Outbox(this.reader.member, this.drawing(roomId, pace), board);
    this.watch();
  }

  get isJoined(): boolean {
    return this.reader.member.isJoined;
  }

  get delivered(): number {
    return [this.reader.chat, this.reader.board]
      .flatMap((view) => view.stretches)
      .reduce((sum, stretch) => sum + stretch.seen.length, 0);
  }

  private watch(): void {
    const { chat, board, lagsMs } = this.shared;
    const { name, member } = this.reader;
    member.socket.on('chat:message', ({ message }: MessageSent) => {
      const { eventId = '', text, timestamp } = message;
      lagsMs.push(Date.now() - timestamp);
      if (text !== textOf(eventId)) chat.fault(`${name}: ${eventId} was shown as ${text}`);
    });
    member.socket.on('whiteboard:snapshot', (part: BoardSnapshot) => this.copy.snapshot(part));
    member.socket.on('whiteboard:update', (update: BoardUpdate) => {
      const { opId, ops } = update;
      this.copy.update(update);
      if (opId !== 'flag' && !isDeepStrictEqual(ops, opsOf(opId))) {
        board.fault(`${name}: ${opId} was shown as ${JSON.stringify(ops)}`);
      }
    });
  }

  private drawing(roomId: string, { boardGapMs, mostDrawn }: Pace): Trade<'whiteboard:draw'> {
    return {
      event: 'whiteboard:draw',
      payload: (id): Draw => ({ roomId, opId: id, ops: opsOf(id) }),
      read: (id, { seq }) => {
        this.reader.drew({ id, seq });
        this.copy.acked(this.person.userId, seq, opsOf(id));
        return seq;
      },
      inFlight: 2,
      gapMs: boardGapMs,
      most: mostDrawn,
    };
  }
}

function chatting(roomId: string, { chatGapMs }: Pace): Trade<'chat:message'> {
  return {
    event: 'chat:message',
    payload: (id): SendMessage => ({ roomId, text: textOf(id), eventId: id }),
    read: (id, { message }) => {
      const isIt = message.eventId === id && message.text === textOf(id);
      return isIt ? message.seq : `acknowledged as ${JSON.stringify(message)}`;
    },
    inFlight: 2,
    gapMs: chatGapMs,
    most: Infinity,
  };
}
