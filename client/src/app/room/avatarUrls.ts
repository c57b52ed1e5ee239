import type { Participant, RoomMember, UserProfile } from '../../protocol';
import type { AvatarUrls } from '../../ui';

/** The avatar addresses of a room's people; those of participants are newer than those of members. */
export function avatarUrlsOf(
  members: readonly RoomMember[],
  participants: readonly Participant[],
  me: UserProfile,
): AvatarUrls {
  const avatarUrls = new Map<string, string>();
  for (const { userId, avatarUrl } of [...members, ...participants, me]) {
    if (avatarUrl === undefined) avatarUrls.delete(userId);
    else avatarUrls.set(userId, avatarUrl);
  }
  return avatarUrls;
}
