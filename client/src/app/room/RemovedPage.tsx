import { refusalText, useRoomPreview } from '../../features/rooms';
import type { RoomId } from '../../protocol';
import { SentAwayPage } from './SentAwayPage';
import { RefusedPage } from './RefusedPage';
import { isolated } from '../../ui';

/** For someone sent out; or whose room is gone, which sends everyone out. */
export function RemovedPage({
  roomId,
  userId,
  title,
  ban,
  reason,
  onAgain,
}: {
  roomId: RoomId;
  userId: string;
  title: string;
  ban: boolean;
  reason: string | undefined;
  onAgain: () => void;
}) {
  const [now] = useRoomPreview(roomId, userId);
  if (now.phase === 'failed' && now.code === 'not_found') {
    return <RefusedPage words={{ ...refusalText('not_found'), ...GONE }} />;
  }
  return (
    <SentAwayPage
      title="You were removed"
      words={
        ban
          ? `A moderator removed you from “${isolated(title)}”. You cannot come back until they lift the ban.`
          : `A moderator asked you to leave “${isolated(title)}”.`
      }
      reason={reason}
      onAgain={ban ? undefined : onAgain}
    />
  );
}

const GONE = {
  title: 'This room is gone',
  text: 'Its owner has deleted it, with all that was in it.',
};
