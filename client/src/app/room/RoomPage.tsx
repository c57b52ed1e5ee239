import { parseRoomRef, refusalWords, useRoomPreview } from '../../features/rooms';
import type { RoomRef, UserProfile } from '../../protocol';
import { Waiting } from '../../ui';
import { usePageTitle } from '../pageTitle';
import { RefusedPage } from './RefusedPage';
import { RoomGate } from './RoomGate';
import { RoomVisit } from './RoomVisit';

/** `/r/:ref`: who are you, how do you look, come in. */
export function RoomPage({ roomRef, user }: { roomRef: RoomRef; user: UserProfile | null }) {
  // A full stop behind a link comes along.
  const state = useRoomPreview(parseRoomRef(roomRef) ?? roomRef, user?.userId ?? null);
  usePageTitle(state.phase === 'there' ? state.preview.title : 'Room');

  if (state.phase === 'loading') return <Waiting>Looking for the room…</Waiting>;
  if (state.phase === 'failed') return <RefusedPage words={refusalWords(state.code)} />;
  if (!user) return <RoomGate preview={state.preview} />;
  return <RoomVisit key={state.preview.roomId} preview={state.preview} user={user} />;
}
