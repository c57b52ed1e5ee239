import type { Draw, SendMessage } from '../../client/src/protocol/index.ts';
import { Person, type Site } from '../people.ts';
import { Member, type Place } from './member.ts';
import type { Options } from './options.ts';
import { Outbox, type Trade } from './outbox.ts';
import { Reader } from './reader.ts';
import { Tally } from './tally.ts';

/** Few people with many sockets: hashing a password takes long on purpose. */
const people = 4;
const drawers = 4;
const readers = 3;

type Size = Pick<Options, 'rounds' | 'writers'>;

/** Everyone in the room under load. */
export class Crowd {
  readonly chat = new Tally();
  readonly board = new Tally();
  readonly writers: Outbox<'chat:message'>[];
  readonly drawers: Outbox<'whiteboard:draw'>[];
  readonly readers: Reader[];

  private constructor(
    server: Site,
    readonly owner: Person,
    readonly roomId: string,
    others: Person[],
    { writers, rounds }: Size,
  ) {
    const all = [owner, ...others];
    const person = (index: number): Person => all[index % all.length] ?? owner;
    const many = <T>(count: number, make: (index: number) => T): T[] =>
      Array.from({ length: count }, (_, index) => make(index));
    this.readers = many(readers, (n) => {
      return new Reader(server, person(n), roomId, `reader${n + 1}`, this.chat);
    });
    this.writers = many(writers, (n) => {
      return outbox(
        server,
        person(n),
        roomId,
        `writer${n + 1}`,
        chatting(roomId, writers),
        this.chat,
      );
    });
    this.drawers = many(drawers, (n) => {
      return outbox(
        server,
        person(n),
        roomId,
        `drawer${n + 1}`,
        drawing(roomId, rounds),
        this.board,
      );
    });
  }

  static async gather(server: Site, size: Size): Promise<Crowd> {
    const names = Array.from({ length: people }, (_, n) => `Person${n + 1}`);
    const [owner, ...others] = await Promise.all(names.map((name) => Person.signUp(server, name)));
    if (!owner) throw new Error('nobody came');
    const { roomId } = await owner.createRoom('Crash', { capacity: 1000 });
    return new Crowd(server, owner, roomId, others, size);
  }

  get outboxes(): (Outbox<'chat:message'> | Outbox<'whiteboard:draw'>)[] {
    return [...this.writers, ...this.drawers];
  }

  /** Whether each writer has had an ack since then. */
  isServedSince(time: number): boolean {
    return this.outboxes.every((outbox) => outbox.isServedSince(time));
  }

  stop(): void {
    for (const outbox of this.outboxes) outbox.stop();
  }

  end(): void {
    for (const { member } of [...this.outboxes, ...this.readers]) member.end();
  }
}

function chatting(roomId: string, writers: number): Trade<'chat:message'> {
  const text = (id: string) => `${id} says what it has to say`;
  return {
    event: 'chat:message',
    payload: (id): SendMessage => ({ roomId, text: text(id), eventId: id }),
    read: (id, { message }) => {
      const isIt = message.eventId === id && message.text === text(id);
      return isIt ? message.seq : `acknowledged as ${JSON.stringify(message)}`;
    },
    inFlight: 2,
    // At most 4000 a second by all of them, so that a fast machine does not fill its disk.
    gapMs: Math.floor(writers / 4),
    most: Infinity,
  };
}

function drawing(roomId: string, rounds: number): Trade<'whiteboard:draw'> {
  return {
    event: 'whiteboard:draw',
    payload: (id): Draw => ({
      roomId,
      opId: id,
      ops: [{ type: 'stroke', id, points: [[id.length, 1]], color: '#123', width: 2 }],
    }),
    read: (_, { seq }) => seq,
    inFlight: 2,
    // A board bears 20,000 elements, and they should last for all rounds.
    gapMs: Math.max(20, rounds / 2),
    most: 19_000 / drawers,
  };
}

function outbox<E extends 'chat:message' | 'whiteboard:draw'>(
  server: Site,
  person: Person,
  roomId: string,
  name: string,
  trade: Trade<E>,
  tally: Tally,
): Outbox<E> {
  let place: Place = {};
  const member: Member = new Member(server, person, roomId, name, tally, {
    place: () => place,
    joined: () => box.resend(),
  });
  const remember = ({ seq }: { seq: number }, log: keyof Place) => {
    place = { ...place, [log]: Math.max(place[log] ?? 0, seq) };
  };
  member.socket.on('chat:message', (sent: { seq: number }) => remember(sent, 'chatSeq'));
  member.socket.on('whiteboard:update', (update: { seq: number }) => remember(update, 'boardSeq'));
  const box = new Outbox<E>(member, trade, tally);
  return box;
}
