import type { ManagerOptions, SocketOptions } from 'socket.io-client';
import type {
  BoardSnapshot,
  BoardUpdate,
  Element,
  Joined,
  Message,
  MessageSent,
} from '../../client/src/protocol/index.ts';
import type { Person, Site } from '../people.ts';
import type { Line } from './checks.ts';
import { Member } from './member.ts';
import type { Tally } from './tally.ts';
import { View } from './view.ts';

export const messageLine = ({ seq, eventId, id }: Message): Line => ({ seq, id: eventId ?? id });

/** Nothing is ever erased here, so what was drawn as the nth entry lies nth. */
export const elementLine = ({ z, id }: Element): Line => ({ seq: z ?? 0, id });

/** Records all it is shown. */
export class Reader {
  readonly chat = new View();
  readonly board = new View();
  /** What it drew itself, by the acks: this is shown to the others alone. */
  readonly drawn = new Set<string>();
  #drawnUpTo = 0;
  readonly member: Member;

  constructor(
    site: Site,
    person: Person,
    roomId: string,
    readonly name: string,
    tally: Tally,
    joined: () => void = () => undefined,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ) {
    const when = { place: () => this.place(), joined };
    this.member = new Member(site, person, roomId, name, tally, when, options);
    const { socket } = this.member;
    socket.on('joined', ({ roomState }: Joined) => {
      const { messages, reset, chatSeq } = roomState;
      const lines = messages.map(messageLine);
      if (reset) this.chat.begin((lines[0]?.seq ?? chatSeq + 1) - 1, chatSeq, lines);
      else this.chat.add(lines, chatSeq);
    });
    socket.on('chat:message', ({ seq, message }: MessageSent) => {
      this.chat.add([{ ...messageLine(message), seq }]);
    });
    socket.on('whiteboard:snapshot', ({ seq, part, elements }: BoardSnapshot) => {
      const lines = elements.map(elementLine);
      if (part === 1) this.board.begin(0, seq, lines);
      else this.board.add(lines, seq);
    });
    socket.on('whiteboard:update', ({ seq, opId }: BoardUpdate) => {
      this.board.add([{ seq, id: opId }]);
    });
  }

  /** Whether it has been shown all up to these places. */
  hasReached(chatSeq: number, boardSeq: number): boolean {
    const board = Math.max(this.board.place ?? 0, this.#drawnUpTo);
    return (this.chat.place ?? 0) >= chatSeq && board >= boardSeq;
  }

  /** It was told by an ack that what it drew is stored. */
  drew({ id, seq }: Line): void {
    this.drawn.add(id);
    this.#drawnUpTo = Math.max(this.#drawnUpTo, seq);
  }

  private place(): { chatSeq?: number; boardSeq?: number } {
    const [chatSeq, boardSeq] = [this.chat.place, this.board.place];
    return {
      ...(chatSeq === undefined ? {} : { chatSeq }),
      ...(boardSeq === undefined ? {} : { boardSeq }),
    };
  }
}
