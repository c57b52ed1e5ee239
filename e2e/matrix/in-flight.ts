import type { Socket } from 'socket.io-client';
import type { BoardElements } from '../../client/src/protocol/index.ts';
import { ask, call } from '../people.ts';
import { type Cast, must, type Player } from './cast.ts';
import { routeRows } from './route-rows.ts';
import { type Row, socketRows } from './socket-rows.ts';

/** What happens to someone, or to the room, while an action of theirs is under way. */
export const changes = ['demoted', 'kicked', 'banned', 'locked', 'removed'] as const;
export type Change = (typeof changes)[number];

/** An entry of a log, as it is exported. */
interface Entry {
  log: 'room' | 'board';
  seq: number;
  type: string;
  userId: string;
}

/** Entries that only moderators make. */
const moderating = ['pinned', 'muted', 'kicked', 'unbanned', 'role', 'settings', 'admitted'];
/** Of someone, but not asked for by them. */
const passing = ['joined', 'left', 'focused'];

/** Refusals that follow from a change; what was answered before it is in the table of the matrix. */
const refusals = [
  'forbidden',
  'not_in_room',
  'not_found',
  'banned',
  'room_locked',
  'conflict',
  'unauthorized',
];

export const everyRow: Row[] = [...socketRows, ...routeRows].filter(({ prepare }) => prepare);

/** Does it; resolves to its place in the room log, where it has one. */
export async function apply(change: Change, cast: Cast, actor: Player): Promise<number> {
  const { roomId, players } = cast;
  const { owner } = players;
  const { userId } = actor.person;
  switch (change) {
    case 'demoted':
      return seqOf(await must(owner, 'control:role', { roomId, userId, role: 'member' }));
    case 'kicked':
    case 'banned': {
      const ban = change === 'banned';
      return seqOf(await must(owner, 'control:kick', { roomId, userId, ban }));
    }
    case 'locked':
      await must(owner, 'control:settings', { roomId, settings: { locked: true } });
      return Infinity;
    case 'removed': {
      const { status } = await owner.person.call('DELETE', `/api/rooms/${roomId}`);
      if (status !== 204) throw new Error(`${status} to removing the room`);
      return Infinity;
    }
  }
}

const seqOf = (ack: unknown): number => (ack as { seq: number }).seq;

/** Makes a moderator of the actor again, who is in the room, which is open. */
export async function restore(change: Change, cast: Cast, actor: Player): Promise<void> {
  const { roomId, players } = cast;
  const { userId } = actor.person;
  // What was tried may have changed more than it should: that is told, and goes no further.
  await must(players.owner, 'control:settings', {
    roomId,
    settings: { locked: false, slowModeSec: 0 },
  });
  if (change === 'banned') await must(players.owner, 'control:unban', { roomId, userId });
  const { socketId } = (await ask(actor.socket, 'joinRoom', { roomId })) as { socketId?: string };
  actor.socketId = socketId ?? actor.socketId;
  await must(players.owner, 'control:role', { roomId, userId, role: 'mod' });
}

/** What took effect after it no longer could. */
export async function tooLate(
  change: Change,
  cast: Cast,
  actor: Player,
  row: Row,
  seq: number,
): Promise<string[]> {
  const byActor = (await entries(cast)).filter(({ userId }) => userId === actor.person.userId);
  const after = byActor.filter((entry) => entry.log === 'room' && entry.seq > seq);
  const isAgainst = ({ type }: Entry): boolean => {
    if (passing.includes(type)) return false;
    if (change === 'demoted') {
      const isOthers = row.name.includes("another's") && ['deleted', 'unshared'].includes(type);
      return isOthers || moderating.includes(type);
    }
    // Who was only sent out is a member still, and does by HTTP what members may.
    return change === 'banned' || (change === 'kicked' && socketRows.includes(row));
  };
  return after.filter(isAgainst).map((entry) => `${entry.type} at ${entry.seq}, after ${seq}`);
}

/** All that is in the logs of the room. */
async function entries(cast: Cast): Promise<Entry[]> {
  const answer = await fetch(`${cast.server.url}/api/rooms/${cast.roomId}/export`, {
    headers: { authorization: `Bearer ${cast.players.owner.person.token}` },
  });
  const lines = (await answer.text()).trimEnd().split('\n');
  return lines
    .map((line) => JSON.parse(line) as Entry & { line: string })
    .filter(({ line }) => line === 'entry');
}

/** How far the board is. */
export async function boardSeq(cast: Cast): Promise<number> {
  const path = `/api/rooms/${cast.roomId}/board`;
  const { body } = await call<BoardElements>(
    cast.server,
    'GET',
    path,
    undefined,
    cast.players.owner.person.token,
  );
  return body.seq;
}

export const isRight = (outcome: string, table: string): boolean =>
  outcome === table || refusals.includes(outcome);

/** Counts the answers that a socket is given, by their ids. */
export class Answers {
  readonly #counts = new Map<string, number>();

  constructor(socket: Socket) {
    socket.io.engine.on('data', (data: unknown) => {
      const id =
        typeof data === 'string' ? /^[36](?:\d+-)?\/rooms,(\d+)\[/.exec(data)?.[1] : undefined;
      if (id !== undefined) this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
    });
  }

  get doubled(): string[] {
    return [...this.#counts].filter(([, count]) => count !== 1).map(([id]) => id);
  }

  get count(): number {
    return this.#counts.size;
  }
}
