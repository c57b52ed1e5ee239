import { useMemo, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { UserProfile } from '../../protocol';
import { AvatarUrlsContext } from '../../ui';
import { avatarUrlsOf } from './avatarUrls';
import type { RoomSession } from './roomSession';

/** Provides the avatars of the room's people to everything within. */
export function RoomAvatars({
  roomSession,
  user,
  children,
}: {
  roomSession: RoomSession;
  user: UserProfile;
  children: ReactNode;
}) {
  const participants = useStore(roomSession.presence.store, (state) => state.participants);
  const members = useStore(roomSession.members.store, (state) => state.members);
  const avatarUrls = useMemo(
    () => avatarUrlsOf(members, participants, user),
    [members, participants, user],
  );
  return <AvatarUrlsContext value={avatarUrls}>{children}</AvatarUrlsContext>;
}
