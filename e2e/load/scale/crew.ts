import { comesTrue } from '../waiting.ts';
import { Count } from './count.ts';
import { isOk, Line } from './line.ts';
import { idIn, type Kind, loads } from './load.ts';

/** A room and those who come, each by the door of one instance. */
export interface Booking {
  roomId: string;
  guests: { url: string; token: string }[];
}

export interface Pace {
  writers: number;
  flight: number;
}

interface Flying {
  from: number;
  sentAt: number;
  /** How often it must still be shown. */
  left: number;
  acked: boolean;
}

const restLimitMs = 15_000;

/** A room whose clients are all in this process, which therefore knows what all were shown. */
class Room {
  readonly #flying = new Map<number, Flying>();
  #kind: Kind = 'chat';
  #isWriting = false;
  #lastId = 0;
  count = new Count();

  private constructor(
    private readonly roomId: string,
    private readonly lines: Line[],
  ) {
    for (const line of lines) line.onEvent = (frame) => this.shown(frame);
  }

  static async open({ roomId, guests }: Booking): Promise<Room> {
    const lines = await Promise.all(guests.map(async ({ url, token }) => Line.open(url, token)));
    const joins = lines.map((line) => {
      return new Promise<string>((joined) => line.ask('joinRoom', { roomId }, joined));
    });
    for (const answer of await Promise.all(joins)) {
      if (!isOk(answer)) throw new Error(`not let in: ${answer}`);
    }
    return new Room(roomId, lines);
  }

  get isAtRest(): boolean {
    return this.#flying.size === 0;
  }

  get failure(): string | undefined {
    return this.lines.find((line) => line.failure !== undefined)?.failure;
  }

  /** Every writer keeps so many on their way from now on. */
  write(kind: Kind, { writers, flight }: Pace): void {
    this.#kind = kind;
    this.#isWriting = true;
    for (let from = 0; from < writers; from++) {
      for (let n = 0; n < flight; n++) this.send(from);
    }
  }

  stop(): void {
    this.#isWriting = false;
  }

  /** Gives up what was not shown to all in time. */
  sweep(): void {
    const { limitMs } = loads[this.#kind];
    const now = performance.now();
    // They are in order.
    for (const [id, flying] of this.#flying) {
      if (now - flying.sentAt < limitMs) return;
      this.#flying.delete(id);
      this.count.lost++;
      this.send(flying.from);
    }
  }

  end(): void {
    for (const line of this.lines) line.end();
  }

  private send(from: number): void {
    const line = this.lines[from];
    if (!this.#isWriting || !line || line.failure !== undefined) return;
    const { event, payload, toAll } = loads[this.#kind];
    const id = ++this.#lastId;
    const left = this.lines.length - (toAll ? 0 : 1);
    const flying: Flying = { from, sentAt: performance.now(), left, acked: false };
    this.#flying.set(id, flying);
    this.count.sent++;
    line.ask(event, payload(this.roomId, id), (answer) => {
      if (!isOk(answer)) this.count.refused++;
      this.count.ackMs.add(performance.now() - flying.sentAt);
      flying.acked = true;
      this.settle(id, flying);
    });
  }

  private shown(frame: string): void {
    const id = idIn(loads[this.#kind], frame);
    const flying = this.#flying.get(id);
    if (!flying) return;
    this.count.delivered++;
    this.count.shownMs.add(performance.now() - flying.sentAt);
    flying.left--;
    this.settle(id, flying);
  }

  private settle(id: number, { from, left, acked }: Flying): void {
    if (left > 0 || !acked || !this.#flying.delete(id)) return;
    this.send(from);
  }
}

/** The rooms of one process. */
export class Crew {
  #count = new Count();
  readonly #sweeping: NodeJS.Timeout;

  private constructor(private readonly rooms: Room[]) {
    this.#sweeping = setInterval(() => rooms.forEach((room) => room.sweep()), 100);
  }

  static async gather(bookings: Booking[]): Promise<Crew> {
    const rooms: Room[] = [];
    // One room after the other: everyone in it is told of everyone who comes.
    for (const booking of bookings) rooms.push(await Room.open(booking));
    return new Crew(rooms);
  }

  write(kind: Kind, pace: Pace): void {
    for (const room of this.rooms) room.write(kind, pace);
  }

  /** What was counted since the last call. */
  take(): Count['sum'] {
    this.check();
    const { sum } = this.#count;
    this.#count = new Count();
    for (const room of this.rooms) room.count = this.#count;
    return sum;
  }

  /** Sends nothing new, and waits for what is on its way. */
  async rest(): Promise<void> {
    for (const room of this.rooms) room.stop();
    const isAtRest = () => this.rooms.every((room) => room.isAtRest);
    if (!(await comesTrue(isAtRest, restLimitMs))) throw new Error('the clients do not settle');
    this.check();
  }

  end(): void {
    clearInterval(this.#sweeping);
    for (const room of this.rooms) room.end();
  }

  private check(): void {
    const broken = this.rooms.find(({ failure }) => failure !== undefined);
    if (broken) throw new Error(broken.failure);
  }
}
