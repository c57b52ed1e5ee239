import type { SenderBadge } from '../../features/chat';
import type { OnlineUser, Participant, RoomMember, UserId } from '../../protocol';

/** Participants under their present name, and the members who are absent; by name. */
export function everyoneKnown(
  participants: readonly Participant[],
  members: readonly RoomMember[],
): readonly OnlineUser[] {
  const people = new Map<UserId, OnlineUser>();
  for (const { userId, name } of [...participants, ...members]) {
    if (!people.has(userId)) people.set(userId, { userId, name });
  }
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The badges of chat senders: moderators, and those whose name resembles a moderator's. */
export function senderBadgesOf(
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
