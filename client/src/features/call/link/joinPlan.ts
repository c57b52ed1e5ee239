import type { RoomState, SocketId } from '../../../protocol';

/** Who was there first offers; should that offer be lost, one of us offers after this time. */
const OFFER_WAIT_MS = 3_000;

/** How long a connection that works outlives a participant the server does not know at the moment. */
export const ABSENT_MS = 15_000;

export interface JoinPlan {
  /** Connections that end now. */
  readonly drop: readonly SocketId[];
  /** Connections that work although the server has not (yet) let their people in again. */
  readonly absent: readonly SocketId[];
  /** People whose first offer we await. */
  readonly expect: readonly SocketId[];
}

/**
 * What a (re)join means for the connections there are. A new id of our own means that the others
 * saw us go: nothing that was can go on. With the same id, what works goes on: after a restart of
 * the server the others come back one after the other, and each keeps what works.
 */
export function planJoin(
  before: SocketId | undefined,
  { you, participants }: Pick<RoomState, 'you' | 'participants'>,
  links: ReadonlyMap<SocketId, { readonly works: boolean }>,
): JoinPlan {
  const others = participants.map((one) => one.socketId).filter((id) => id !== you.socketId);
  const known = [...links.keys()];
  if (before !== you.socketId) return { drop: known, absent: [], expect: others };
  const gone = known.filter((id) => !others.includes(id));
  return {
    drop: gone.filter((id) => !links.get(id)?.works),
    absent: gone.filter((id) => links.get(id)?.works),
    expect: others.filter((id) => !links.has(id)),
  };
}

/** The two sides must not offer at the same moment. */
export function offerWait(me: SocketId, other: SocketId): number {
  return me < other ? OFFER_WAIT_MS : 2 * OFFER_WAIT_MS;
}

/** Gives way when both offer at once. */
export function isPolite(me: SocketId, other: SocketId): boolean {
  return me < other;
}
