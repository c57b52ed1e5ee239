import { useRoomPreview } from '../../features/rooms';
import type { RoomId, RoomPreview, UserProfile } from '../../protocol';
import { LoadingScreen } from '../../ui';
import { SentAwayPage } from './SentAwayPage';

/** For someone who waited for admission: a moderator denied it, or the room now takes no guests or newcomers. */
export function DeniedPage({
  roomId,
  user,
  onAgain,
}: {
  roomId: RoomId;
  user: UserProfile;
  onAgain: () => void;
}) {
  const [now] = useRoomPreview(roomId, user.userId);
  if (now.phase === 'loading') return <LoadingScreen>One moment…</LoadingScreen>;
  const closed = now.phase === 'there' && closedTo(now.preview, user);
  if (closed) return <SentAwayPage title="The door was closed" words={closed} />;
  return (
    <SentAwayPage
      title="Not this time"
      words="Someone inside has not let you in."
      onAgain={onAgain}
    />
  );
}

function closedTo({ access, guests }: RoomPreview, user: UserProfile): string | undefined {
  if (user.guest && !guests) {
    return 'This room takes no guests any more. With an account you can ask to come in.';
  }
  return access === 'members'
    ? 'This room is for its members only now. Someone inside can add you.'
    : undefined;
}
