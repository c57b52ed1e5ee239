import type { Participant, RoomMember, UserProfile } from '../../protocol';
import type { Faces } from '../../ui';

/** The pictures of the people of a room: who is here was asked later than the members were. */
export function facesOf(
  members: readonly RoomMember[],
  participants: readonly Participant[],
  me: UserProfile,
): Faces {
  const faces = new Map<string, string>();
  for (const { userId, avatarUrl } of [...members, ...participants, me]) {
    if (avatarUrl === undefined) faces.delete(userId);
    else faces.set(userId, avatarUrl);
  }
  return faces;
}
