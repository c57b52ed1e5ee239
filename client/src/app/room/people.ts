import type { SenderBadge } from '../../features/chat';
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

/** What those are who write in the chat: who keeps order, and who only looks like it. */
export function sendersOf(
  participants: readonly Participant[],
  members: readonly RoomMember[],
): ReadonlyMap<UserId, SenderBadge> {
  const senders = new Map<UserId, SenderBadge>();
  for (const { userId, resemblesModerator } of participants) {
    if (resemblesModerator) senders.set(userId, 'resemblesModerator');
  }
  for (const { userId, role } of [...members, ...participants]) {
    if (role === 'owner' || role === 'mod') senders.set(userId, role);
  }
  return senders;
}
