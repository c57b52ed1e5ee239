import type { OnlineUser, Participant, RoomMember, UserId } from '../../protocol';

/** Everyone who can be named: who is here under the name of the day, and the members. */
export function everyone(
  participants: readonly Participant[],
  members: readonly RoomMember[],
): readonly OnlineUser[] {
  const people = new Map<UserId, OnlineUser>();
  for (const { userId, name } of [...participants, ...members]) {
    if (!people.has(userId)) people.set(userId, { userId, name });
  }
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
}
