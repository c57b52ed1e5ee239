import { ask, type Person, type Site } from '../../people.ts';
import type { Outbox } from '../outbox.ts';
import type { Reader } from '../reader.ts';
import { Tally } from '../tally.ts';
import type { Judged } from '../verdict.ts';
import { Client, type Pace, type Shared } from './client.ts';
import { flag } from './content.ts';
import type { Transport } from './transport.ts';

/** Where clients connect to. */
export interface Doors {
  /** Always the same instance, by a cookie. */
  sticky: Site;
  /** Any instance. */
  any: Site;
}

/** One room under load. */
export class Room {
  readonly clients: Client[];

  private constructor(
    readonly owner: Person,
    private readonly shared: Shared,
    makers: ((shared: Shared) => Client)[],
  ) {
    this.clients = makers.map((make) => make(shared));
  }

  /** @param guests who comes, by which transport. */
  static async open(
    number: number,
    doors: Doors,
    guests: [Person, Transport][],
    lagsMs: number[],
    pace: Pace,
  ): Promise<Room> {
    const [owner] = guests[0] ?? [];
    if (!owner) throw new Error(`nobody came to room ${number}`);
    const { roomId } = await owner.createRoom(`Chaos ${number}`);
    const { socket } = await owner.join(roomId);
    const ack = await ask(socket, 'whiteboard:draw', { roomId, opId: 'flag', ops: [flag] });
    if (!ack.ok) throw new Error(`the board of room ${number}: ${ack.error.message}`);
    socket.disconnect();
    const makers = guests.map(([person, transport], index) => (shared: Shared) => {
      const site = transport.sticky ? doors.sticky : doors.any;
      const name = `room${number}-${index + 1}-${transport.name}`;
      return new Client(site, person, name, shared, pace, transport);
    });
    return new Room(owner, { roomId, chat: new Tally(), board: new Tally(), lagsMs }, makers);
  }

  get roomId(): string {
    return this.shared.roomId;
  }

  get chat(): Tally {
    return this.shared.chat;
  }

  get board(): Tally {
    return this.shared.board;
  }

  get writers(): Outbox<'chat:message'>[] {
    return this.clients.map((client) => client.chat);
  }

  get drawers(): Outbox<'whiteboard:draw'>[] {
    return this.clients.map((client) => client.board);
  }

  get readers(): Reader[] {
    return this.clients.map((client) => client.reader);
  }

  /** What is to be judged, with the logs read from there. */
  readFrom(site: Site): Judged {
    const { roomId, chat, board, writers, drawers, readers } = this;
    return { owner: this.owner.at(site), roomId, chat, board, writers, drawers, readers };
  }

  /** The highest places that anyone was told. */
  get acked(): { chatSeq: number; boardSeq: number } {
    const highest = ({ acks }: Tally) => acks.reduce((most, { seq }) => Math.max(most, seq), 0);
    return { chatSeq: highest(this.chat), boardSeq: highest(this.board) };
  }
}
