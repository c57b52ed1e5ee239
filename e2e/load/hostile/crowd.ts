import { Person, type Site } from '../../people.ts';
import { Tally } from '../tally.ts';
import { comesTrue } from '../waiting.ts';
import { Honest, noLatencies, type Shared, type Latencies } from './honest.ts';

/** Honest people in one room. */
export interface Group {
  /** Whether hostile guests are in it too. */
  isAttacked: boolean;
  owner: Person;
  shared: Shared;
  people: Honest[];
}

/** Rooms beside the one that is attacked. */
const quietRooms = 2;

/** All honest people. */
export class Crowd {
  /** How many acks of each room were looked at. */
  readonly #looked = new Map<Group, number>();

  private constructor(readonly groups: Group[]) {}

  static async gather(site: Site, honest: number): Promise<Crowd> {
    const people = await Promise.all(
      Array.from({ length: honest }, async (_, n) => Person.signUp(site, `Honest${n + 1}`)),
    );
    const half = Math.ceil(honest / 2);
    const split = [people.slice(0, half)];
    const others = people.slice(half);
    for (let n = 0; n < quietRooms; n++) {
      split.push(others.filter((_, index) => index % quietRooms === n));
    }
    const groups: Group[] = [];
    for (const [number, members] of split.entries()) {
      groups.push(await gather(site, members, number));
    }
    return new Crowd(groups);
  }

  get all(): Honest[] {
    return this.groups.flatMap(({ people }) => people);
  }

  get attacked(): Group {
    const [first] = this.groups;
    if (!first) throw new Error('no room');
    return first;
  }

  async areIn(limitMs: number): Promise<boolean> {
    return comesTrue(() => this.all.every(({ reader }) => reader.member.isJoined), limitMs);
  }

  /** What was measured since the last call, in the attacked room and in the others. */
  take(): { attacked: Latencies; others: Latencies } {
    const taken = { attacked: noLatencies(), others: noLatencies() };
    for (const { isAttacked, shared } of this.groups) {
      const into = isAttacked ? taken.attacked : taken.others;
      for (const kind of Object.keys(into) as (keyof Latencies)[])
        into[kind].push(...shared.latencies[kind]);
      shared.latencies = noLatencies();
    }
    return taken;
  }

  /** The slowest ack of a message since the last call, in ms: in the attacked room, and in the others. */
  slowest(): { attacked: number; others: number } {
    const slowest = { attacked: 0, others: 0 };
    for (const group of this.groups) {
      const { chatAck: chat } = group.shared.latencies;
      const place = group.isAttacked ? 'attacked' : 'others';
      const looked = this.#looked.get(group) ?? 0;
      slowest[place] = Math.max(slowest[place], ...chat.slice(looked <= chat.length ? looked : 0));
      this.#looked.set(group, chat.length);
    }
    return slowest;
  }

  stop(): void {
    for (const { chat, board } of this.all) {
      chat.stop();
      board.stop();
    }
  }

  /** Resolves to what is not acknowledged, in words. */
  async settle(limitMs: number): Promise<string[]> {
    const boxes = this.all.flatMap(({ chat, board }) => [chat, board]);
    if (await comesTrue(() => boxes.every((box) => box.isSettled), limitMs)) return [];
    return boxes.flatMap((box) => box.unsettled).map((id) => `never acknowledged: ${id}`);
  }

  end(): void {
    for (const { reader } of this.all) reader.member.end();
  }
}

async function gather(site: Site, people: Person[], number: number): Promise<Group> {
  const [owner] = people;
  if (!owner) throw new Error('nobody is in a room');
  const isAttacked = number === 0;
  const settings = { guests: true, capacity: 1000 };
  const { roomId } = await owner.createRoom(isAttacked ? 'Attacked' : `Quiet ${number}`, settings);
  const shared: Shared = {
    roomId,
    chat: new Tally(),
    board: new Tally(),
    sentAt: { chat: new Map(), board: new Map() },
    latencies: noLatencies(),
  };
  const honest = people.map((person, n) => {
    return new Honest(site, person, `room${number}-${n + 1}`, shared);
  });
  return { isAttacked, owner, shared, people: honest };
}
