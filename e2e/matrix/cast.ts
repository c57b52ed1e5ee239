import type { Socket } from 'socket.io-client';
import type { RoomSettingsPatch, SignedIn } from '../../client/src/protocol/index.ts';
import { ask, call, Person } from '../people.ts';
import type { Server } from '../server.ts';
import { announced, askUpload, put, share } from '../uploads.ts';

/** Everyone who may try something. A stranger has an account and is no member; nobody has no token. */
export const roles = ['owner', 'mod', 'member', 'guest', 'stranger'] as const;
export type RoleName = (typeof roles)[number];

/** Someone with a socket of their own. */
export interface Player {
  person: Person;
  socket: Socket;
  socketId: string;
}

/** A room in one state, with one person of each role in it. */
export class Cast {
  #versionId: string | undefined;

  private constructor(
    readonly server: Server,
    readonly roomId: string,
    readonly code: string,
    readonly players: Record<RoleName, Player>,
    private readonly access: RoomSettingsPatch['access'] | 'direct' = 'link',
  ) {}

  static async group(server: Server, settings: RoomSettingsPatch): Promise<Cast> {
    const owner = await Person.signUp(server, 'Owner');
    const { roomId, code } = await owner.createRoom('Matrix');
    const members = await Promise.all(
      ['Mod', 'Member', 'Stranger'].map((name) => Person.signUp(server, name)),
    );
    const [mod, member, stranger] = members;
    if (!mod || !member || !stranger) throw new Error('nobody signed up');
    const players = {
      owner: await entered(owner, roomId),
      mod: await entered(mod, roomId),
      member: await entered(member, roomId),
      guest: await entered(await asGuest(server, roomId), roomId),
      stranger: { person: stranger, socket: stranger.connect(), socketId: 'none' },
    };
    await must(players.owner, 'control:role', { roomId, userId: mod.userId, role: 'mod' });
    await must(players.owner, 'control:settings', { roomId, settings });
    return new Cast(server, roomId, code, players, settings.access);
  }

  /** Two people who write to each other: both are members, and everyone else is a stranger. */
  static async direct(server: Server): Promise<Cast> {
    const one = await Person.signUp(server, 'One');
    const two = await Person.signUp(server, 'Two');
    const stranger = await Person.signUp(server, 'Stranger');
    const made = await one.call<{ room: { roomId: string; code: string } }>('POST', '/api/dms', {
      userId: two.userId,
    });
    const { roomId, code } = made.body.room;
    const first = await entered(one, roomId);
    const second = await entered(two, roomId);
    const outside = { person: stranger, socket: stranger.connect(), socketId: 'none' };
    const players = { owner: first, mod: second, member: first, guest: second, stranger: outside };
    return new Cast(server, roomId, code, players, 'direct');
  }

  /** Someone without an account, in the room, for whom it is no pity. */
  async victim(): Promise<Player> {
    // Between two people there is nobody else.
    if (this.access === 'direct') return this.players.mod;
    const doorTo = (access: string | undefined) =>
      must(this.players.owner, 'control:settings', { roomId: this.roomId, settings: { access } });
    const closed = this.access !== undefined && this.access !== 'link';
    if (closed) await doorTo('link');
    const victim = await entered(await asGuest(this.server, this.roomId), this.roomId);
    if (closed) await doorTo(this.access);
    return victim;
  }

  /** A new message of this player's. */
  async message(by: Player): Promise<string> {
    const posted = await by.person.call<{ message: { id: string } }>(
      'POST',
      `/api/rooms/${this.roomId}/messages`,
      { text: 'something said' },
    );
    return posted.body.message.id;
  }

  async task(): Promise<string> {
    const made = await must(this.players.owner, 'task:create', {
      roomId: this.roomId,
      title: 'something to do',
    });
    return (made as { task: { id: string } }).task.id;
  }

  /** A file of this player's, not announced yet. */
  async upload(by: Player): Promise<object> {
    const upload = await askUpload(by.person, this.roomId, 'text');
    await put(upload, 'text');
    return announced(upload, this.roomId, 'text');
  }

  /** A file of this player's. */
  async file(by: Player): Promise<string> {
    return (await share(by.person, by.socket, this.roomId, 'text')).fileUrl;
  }

  /** A version of the board, saved once. */
  async version(): Promise<string> {
    if (this.#versionId === undefined) {
      const dataUrl = 'data:image/png;base64,iVBORw0KGgo=';
      const save = { roomId: this.roomId, dataUrl };
      const made = await must(this.players.owner, 'whiteboard:save', save);
      this.#versionId = (made as { version: { versionId: string } }).version.versionId;
    }
    return this.#versionId;
  }

  /** Puts the timer where the next action makes sense. */
  async timer(wanted: 'idle' | 'running' | 'paused'): Promise<void> {
    const run = (action: string) =>
      this.players.owner.person.call('POST', `/api/rooms/${this.roomId}/pomodoro/${action}`);
    await run('stop');
    if (wanted !== 'idle') await run('start');
    if (wanted === 'paused') await run('pause');
  }
}

async function asGuest(server: Server, roomId: string): Promise<Person> {
  const answer = await call<SignedIn>(server, 'POST', '/api/auth/guest', { name: 'Guest', roomId });
  return Person.signedIn(server, 'Guest', answer.body.accessToken, answer.body.user.userId);
}

async function entered(person: Person, roomId: string): Promise<Player> {
  const { socket, state } = await person.join(roomId);
  return { person, socket, socketId: state.you.socketId };
}

/** Sends what must be accepted. */
export async function must(player: Player, event: string, payload: object): Promise<unknown> {
  const ack = await ask(player.socket, event as 'chat:message', payload as never);
  if (!ack.ok) throw new Error(`${event}: ${ack.error.message}`);
  return ack;
}
