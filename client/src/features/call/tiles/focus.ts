import type { SocketId } from '../../../protocol';
import type { Picture } from '../link/transport';

/** Someone's picture, shown large. */
export interface Focus {
  readonly socketId: SocketId;
  readonly picture: Picture;
}

export type View = 'grid' | 'spotlight';

interface Seen {
  readonly socketId: SocketId;
  readonly sharing: boolean;
}

/** The pinned picture, else the last shared screen, else, in the spotlight view, the last speaker. */
export function focusOf(it: {
  others: readonly Seen[];
  pinned: Focus | undefined;
  view: View;
  speaker: SocketId | undefined;
}): Focus | undefined {
  const { others, pinned, view, speaker } = it;
  const here = others.find(({ socketId }) => socketId === pinned?.socketId);
  if (pinned && here && (pinned.picture === 'camera' || here.sharing)) return pinned;
  // Who began last is whom everyone looks at; they came last into the list of those who share.
  const presenter = others.findLast(({ sharing }) => sharing);
  if (presenter) return { socketId: presenter.socketId, picture: 'screen' };
  if (view === 'grid') return undefined;
  const spoke = others.find(({ socketId }) => socketId === speaker) ?? others[0];
  return spoke && { socketId: spoke.socketId, picture: 'camera' };
}

/** Who speaks keeps the place until they pause and another one speaks. Never oneself. */
export function nextSpeaker(
  now: SocketId | undefined,
  speaking: ReadonlySet<SocketId>,
  me: SocketId | undefined,
): SocketId | undefined {
  if (now !== undefined && speaking.has(now)) return now;
  return [...speaking].find((id) => id !== me) ?? now;
}

/** One page of what does not fit at once. A page that is no longer there is the last one. */
export function pageOf<T>(
  all: readonly T[],
  perPage: number,
  page: number,
): {
  readonly shown: readonly T[];
  readonly page: number;
  readonly pages: number;
} {
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  const at = Math.min(Math.max(0, page), pages - 1);
  return { shown: all.slice(at * perPage, (at + 1) * perPage), page: at, pages };
}
