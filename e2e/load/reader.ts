import type {
  BoardSnapshot,
  BoardUpdate,
  Element,
  Joined,
  Message,
  MessageSent,
} from '../../client/src/protocol/index.ts';
import type { Person } from '../people.ts';
import type { Server } from '../server.ts';
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
  readonly member: Member;

  constructor(
    server: Server,
    person: Person,
    roomId: string,
    readonly name: string,
    tally: Tally,
  ) {
    this.member = new Member(server, person, roomId, name, tally, {
      place: () => this.place(),
      joined: () => undefined,
    });
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
    return (this.chat.place ?? 0) >= chatSeq && (this.board.place ?? 0) >= boardSeq;
  }

  private place(): { chatSeq?: number; boardSeq?: number } {
    const [chatSeq, boardSeq] = [this.chat.place, this.board.place];
    return {
      ...(chatSeq === undefined ? {} : { chatSeq }),
      ...(boardSeq === undefined ? {} : { boardSeq }),
    };
  }
}
