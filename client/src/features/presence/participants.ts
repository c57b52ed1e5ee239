import type { Participant, ServerEvents, SocketId, UserId } from '../../protocol';

type Of<E extends 'user:joined' | 'user:updated' | 'user:left'> = { event: E } & ServerEvents[E];
export type Change =
  | { event: 'state'; participants: readonly Participant[] }
  | Of<'user:joined'>
  | Of<'user:updated'>
  | Of<'user:left'>;

/** Who is in the room, by socket, in order of coming. */
export function fold(people: readonly Participant[], change: Change): readonly Participant[] {
  switch (change.event) {
    case 'state':
      return change.participants;
    case 'user:left':
      return people.filter((person) => person.socketId !== change.socketId);
    case 'user:joined':
    case 'user:updated': {
      const known = people.some((person) => person.socketId === change.socketId);
      if (known)
        return people.map((person) => (person.socketId === change.socketId ? change.user : person));
      // An update of someone unknown is about someone who has just left.
      return change.event === 'user:joined' ? [...people, change.user] : people;
    }
  }
}

const rank = { owner: 0, mod: 1, member: 2, guest: 3 } as const;

/** For the list: oneself first, then by role, then by name. */
export function listed(
  people: readonly Participant[],
  you: SocketId | null,
): readonly Participant[] {
  return [...people].sort(
    (a, b) =>
      Number(b.socketId === you) - Number(a.socketId === you) ||
      rank[a.role] - rank[b.role] ||
      a.name.localeCompare(b.name) ||
      a.joinedAt - b.joinedAt,
  );
}

/** Names of users, as shown in the room now. */
export function nameOf(people: readonly Participant[], userId: UserId): string | undefined {
  return people.find((person) => person.userId === userId)?.name;
}
