import type { StoreApi } from 'zustand/vanilla';
import type { PresenceState } from '../../features/presence';
import type { UserId } from '../../protocol';

/** Calls back when another device of the same person comes with, or gets, another name or picture. */
export function followOwnDevices(
  presence: Pick<StoreApi<PresenceState>, 'subscribe'>,
  me: UserId,
  changed: () => void,
): () => void {
  let known = '';
  return presence.subscribe(({ participants, you }) => {
    const others = participants
      .filter(({ userId, socketId }) => userId === me && socketId !== you)
      .map(({ name, avatarUrl }) => JSON.stringify([name, avatarUrl]));
    const now = [...new Set(others)].sort().join();
    if (now === known) return;
    known = now;
    if (now !== '') changed();
  });
}
