import { Person } from '../../people.ts';
import { comesTrue } from '../waiting.ts';
import type { Client, Pace } from './client.ts';
import type { Options } from './options.ts';
import { type Doors, Room } from './room.ts';
import { transports } from './transport.ts';

/** Few people with many sockets: hashing a password takes long on purpose. */
const people = 8;
/** A board bears 20,000 elements. */
const boardBears = 19_000;

/** All rooms, and everyone in them. */
export class Crowd {
  private constructor(
    readonly rooms: Room[],
    readonly lagsMs: number[],
  ) {}

  static async gather(doors: Doors, options: Options): Promise<Crowd> {
    const { clients, rooms: count } = options;
    const everyone = await Promise.all(
      Array.from({ length: people }, (_, n) => Person.signUp(doors.any, `Person${n + 1}`)),
    );
    const lagsMs: number[] = [];
    const guests = Array.from({ length: clients }, (_, n) => n).map(
      (n) => [pick(everyone, n), pick(transports, n)] satisfies [Person, unknown],
    );
    const rooms: Room[] = [];
    for (let number = 1; number <= count; number++) {
      // Those of one room are of all kinds.
      const from = Math.floor(((number - 1) * clients) / count);
      const upTo = Math.floor((number * clients) / count);
      const pace = paceOf(options, upTo - from);
      rooms.push(await Room.open(number, doors, guests.slice(from, upTo), lagsMs, pace));
    }
    return new Crowd(rooms, lagsMs);
  }

  get clients(): Client[] {
    return this.rooms.flatMap((room) => room.clients);
  }

  get outboxes(): (Client['chat'] | Client['board'])[] {
    return this.clients.flatMap(({ chat, board }) => [chat, board]);
  }

  /**
   * Waits until all are in their rooms, what was not acknowledged when this began is, and everyone
   * was shown all that was acknowledged by then.
   */
  async isWhole(limitMs: number, end: AbortSignal): Promise<boolean> {
    const deadline = performance.now() + limitMs;
    const { clients, outboxes, rooms } = this;
    const within = async (fact: () => boolean) => {
      const isSo = await comesTrue(() => end.aborted || fact(), deadline - performance.now());
      end.throwIfAborted();
      return isSo;
    };
    const pending = new Set(outboxes.flatMap((box) => box.unsettled));
    const isServed = () => !outboxes.some((box) => box.unsettled.some((id) => pending.has(id)));
    if (!(await within(() => clients.every((client) => client.isJoined) && isServed())))
      return false;
    const goals = rooms.map((room) => ({ ...room.acked, readers: room.readers }));
    return within(() =>
      goals.every(({ readers, chatSeq, boardSeq }) =>
        readers.every((reader) => reader.hasReached(chatSeq, boardSeq)),
      ),
    );
  }

  /** Who is not where they should be, for the report. */
  get missing(): string[] {
    return this.clients
      .filter((client) => !client.isJoined || !client.chat.isSettled || !client.board.isSettled)
      .map(({ reader: { name }, isJoined }) => (isJoined ? `${name} waits` : `${name} is out`));
  }

  stop(): void {
    for (const outbox of this.outboxes) outbox.stop();
  }

  end(): void {
    for (const { reader } of this.clients) reader.member.end();
  }
}

function pick<T>(from: readonly T[], index: number): T {
  const one = from[index % from.length];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
}

/** Two messages for each batch on the board. */
function paceOf({ clients, rate }: Options, inRoom: number): Pace {
  return {
    chatGapMs: Math.round((clients * 1000) / (rate * (2 / 3))),
    boardGapMs: Math.round((clients * 1000) / (rate / 3)),
    mostDrawn: Math.floor(boardBears / inRoom),
  };
}
