import type { RoomRef } from '../../protocol';

/** The room someone means: a code however typed, an id, or a link. None: it cannot be one. */
export function parseRoomRef(typed: string): RoomRef | undefined {
  const text = typed.trim();
  const fromLink = /(?:^|\/)r\/([^/?#\s]+)/.exec(text)?.[1];
  let ref = text;
  if (fromLink !== undefined) {
    try {
      ref = decodeURIComponent(fromLink);
    } catch {
      return undefined;
    }
  }
  return /^[A-Za-z0-9_-]{3,64}$/.test(ref) ? ref : undefined;
}

/** Where a room is opened. */
export const roomPath = (ref: RoomRef): string => `/r/${encodeURIComponent(ref)}`;

/** What to pass on. */
export const inviteLink = (code: string): string => `${window.location.origin}${roomPath(code)}`;
