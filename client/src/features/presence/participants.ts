import type { Media, Participant, RoomMember, ServerEvents, SocketId } from '../../protocol';

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
export function sortedForList(
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

/** What a person sends, without what a moderator muted. */
export function effectiveMedia({ media, muted }: Participant): Media {
  return {
    audio: media.audio && !muted.includes('audio'),
    video: media.video && !muted.includes('video'),
    screen: media.screen && !muted.includes('screen'),
  };
}

/** Members without a socket in the room, by name. */
export function absentOf(
  members: readonly RoomMember[],
  people: readonly Participant[],
): readonly RoomMember[] {
  const here = new Set(people.map((person) => person.userId));
  return members
    .filter((member) => !here.has(member.userId))
    .sort((a, b) => a.name.localeCompare(b.name));
}
