import { useLocation } from 'wouter';
import { parseRoomRef, refusalText, roomPath, useRoomPreview } from '../../features/rooms';
import type { RoomRef, UserProfile } from '../../protocol';
import { LoadingScreen } from '../../ui';
import { usePageTitle } from '../pageTitle';
import { RefusedPage } from './RefusedPage';
import { InvitePage } from './InvitePage';
import { RoomVisit } from './RoomVisit';

/** `/r/:ref`: who are you, how do you look, come in. */
export function RoomPage({ roomRef, user }: { roomRef: RoomRef; user: UserProfile | null }) {
  // A full stop behind a link comes along.
  const ref = parseRoomRef(roomRef) ?? roomRef;
  const [state, renamed] = useRoomPreview(ref, user?.userId ?? null);
  const [, go] = useLocation();
  usePageTitle(state.phase === 'there' ? state.preview.title : 'Room');

  if (state.phase === 'loading') return <LoadingScreen>Looking for the room…</LoadingScreen>;
  if (state.phase === 'failed') return <RefusedPage words={refusalText(state.code)} />;
  if (!user) return <InvitePage preview={state.preview} />;
  const { preview } = state;
  return (
    <RoomVisit
      key={preview.roomId}
      preview={preview}
      user={user}
      onCode={(code) => {
        // Under the room's id it is found as before.
        if (code === ref || ref === preview.roomId) return;
        renamed(code);
        go(roomPath(code), { replace: true });
      }}
    />
  );
}
