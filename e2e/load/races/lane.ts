import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import type {
  ClientEvents,
  MemberList,
  RoomCreated,
  RoomPreview,
  RoomSettingsPatch,
  SignedIn,
} from '../../../client/src/protocol/index.ts';
import { type Ack, ask, call, connect, Person, type Site } from '../../people.ts';
import { secret, token } from '../fuzz/token.ts';
import { pause } from '../waiting.ts';

/** So that tokens can be made that last as long as a run. */
export const environment = { JWT_SECRET: secret };

const day = 86_400;

/** Of the two sockets that everyone has. */
export const ways = [0, 1] as const;

/** Someone with two sockets: on two instances where there are as many. */
export class Player {
  private constructor(
    readonly person: Person,
    private readonly sites: readonly Site[],
    readonly sockets: readonly Socket[],
  ) {}

  static async signUp(sites: readonly Site[], name: string): Promise<Player> {
    const [first] = sites;
    if (!first) throw new Error('no instance');
    const { userId } = await Person.signUp(first, name);
    const person = Person.signedIn(first, name, token(userId, day), userId);
    return Player.of(sites, person);
  }

  /** Someone without an account, who came to the first room of that person's. */
  static async guest(sites: readonly Site[], name: string, host: Player): Promise<Player> {
    const [first] = sites;
    if (!first) throw new Error('no instance');
    const { roomId } = await host.person.createRoom('Door');
    const signIn = { name, roomId };
    const { body } = await call<SignedIn>(first, 'POST', '/api/auth/guest', signIn);
    const { userId } = body.user;
    return Player.of(sites, Person.signedIn(first, name, token(userId, day, true), userId));
  }

  private static of(sites: readonly Site[], person: Person): Player {
    const [first] = sites;
    if (!first) throw new Error('no instance');
    const two = [first, sites[1] ?? first];
    const sockets = two.map((site, way) =>
      connect(site, { token: person.token, session: `${person.name}-${way}` }),
    );
    return new Player(person, two, sockets);
  }

  get userId(): string {
    return this.person.userId;
  }

  /** One of the two. */
  on(way: number): Socket {
    const socket = this.sockets[way];
    if (!socket) throw new Error('no socket');
    return socket;
  }

  async ask<E extends keyof ClientEvents>(
    event: E,
    payload: ClientEvents[E]['payload'],
    way = 0,
  ): Promise<Ack<E>> {
    return ask(this.on(way), event, payload);
  }

  /** @throws what is refused. */
  async must<E extends keyof ClientEvents>(
    event: E,
    payload: ClientEvents[E]['payload'],
    way = 0,
  ): Promise<Extract<Ack<E>, { ok: true }>> {
    const ack = await this.ask(event, payload, way);
    if (!ack.ok) throw new Error(`${this.person.name}: ${event}: ${ack.error.message}`);
    return ack;
  }

  /** A request to one of the instances. */
  async call<T>(method: string, path: string, body?: unknown, way = 0) {
    const site = this.sites[way];
    if (!site) throw new Error('no instance');
    return this.person.at(site).call<T>(method, path, body);
  }

  /** A further connection, of a page of that name. */
  connect(session: string, way: number): Socket {
    const site = this.sites[way];
    if (!site) throw new Error('no instance');
    return connect(site, { token: this.person.token, session });
  }
}

/** The people of races that are run one after the other, each in a room of its own. */
export class Lane {
  private constructor(
    readonly owner: Player,
    readonly mod: Player,
    readonly other: Player,
    readonly member: Player,
    readonly guest: Player,
    readonly random: () => number,
  ) {}

  static async gather(sites: readonly Site[], number: number, random: () => number): Promise<Lane> {
    const names = ['Owner', 'Mod', 'Other', 'Member'];
    const [owner, mod, other, member] = await Promise.all(
      names.map(async (name) => Player.signUp(sites, `${name}${number}`)),
    );
    if (!owner || !mod || !other || !member) throw new Error('nobody came');
    const guest = await Player.guest(sites, `Guest${number}`, owner);
    return new Lane(owner, mod, other, member, guest, random);
  }

  /** One of the two sockets that everyone has. */
  get any(): number {
    return this.random() < 0.5 ? 0 : 1;
  }

  /** A moment too short to see, so that not always the same comes first. */
  async moment(): Promise<void> {
    if (this.random() < 0.5) await pause(this.random() * 6);
  }

  /** A new room; these are moderators there, those are members, and all are in it with both sockets. */
  async room(
    settings: RoomSettingsPatch,
    { mods = [], members = [] }: { mods?: Player[]; members?: Player[] } = {},
  ): Promise<string> {
    const { owner } = this;
    const { body } = await owner.call<RoomCreated>('POST', '/api/rooms', {
      title: `Race ${randomUUID()}`,
    });
    const { roomId } = body;
    await enter(owner, roomId);
    for (const player of [...mods, ...members]) await enter(player, roomId);
    for (const { userId } of mods) {
      await owner.must('control:role', { roomId, userId, role: 'mod' });
    }
    // Last, for they may close the door.
    if (Object.keys(settings).length > 0)
      await owner.must('control:settings', { roomId, settings });
    return roomId;
  }
}

export async function enter(player: Player, roomId: string): Promise<void> {
  for (const way of ways) await player.must('joinRoom', { roomId }, way);
}

/** Everyone's roles, and who the room says is its owner. */
export async function rolesIn(reader: Player, roomId: string): Promise<Map<string, string>> {
  const { body } = await reader.call<MemberList>('GET', `/api/rooms/${roomId}/members`);
  return new Map(body.members.map(({ userId, role }) => [userId, role]));
}

/** What is wrong with who owns a room; nothing when exactly one does. */
export async function ownerless(reader: Player, roomId: string): Promise<string | undefined> {
  const roles = await rolesIn(reader, roomId);
  const owners = [...roles].flatMap(([userId, role]) => (role === 'owner' ? [userId] : []));
  if (owners.length !== 1) return `${owners.length} owners`;
  const { body } = await reader.call<RoomPreview>('GET', `/api/rooms/${roomId}`);
  return body.room?.ownerId === owners[0] ? undefined : 'ownerId is not the owner';
}

export const outcome = (ack: { ok: boolean } & { error?: { code: string } }): string =>
  ack.ok ? 'ok' : (ack.error?.code ?? 'none');
