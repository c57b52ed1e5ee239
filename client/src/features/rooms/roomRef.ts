import type { RoomRef } from '../../protocol';

/** What stands around an address or a code in a text, and cannot be seen in one that was copied. */
const AROUND = /^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu;
const UNSEEN = /\p{Cf}/gu;

/** The room someone means: a code however typed, an id, or a link. None: it cannot be one. */
export function parseRoomRef(typed: string): RoomRef | undefined {
  const text = typed.normalize('NFKC').replace(UNSEEN, '').trim();
  const fromLink = /(?:^|\/)r\/([^/?#\s]+)/.exec(text)?.[1];
  if (fromLink === undefined) return refIn(text);
  try {
    return refIn(decodeURIComponent(fromLink));
  } catch {
    return undefined;
  }
}

const refIn = (text: string): RoomRef | undefined =>
  asCode(text) ?? asId(text) ?? asId(text.replace(AROUND, ''));

/** Ten letters, in whatever groups and signs. */
function asCode(text: string): RoomRef | undefined {
  const letters = text.replace(/[\s\p{P}\p{S}]/gu, '').toLowerCase();
  if (!/^[a-z]{10}$/.test(letters)) return undefined;
  return [letters.slice(0, 3), letters.slice(3, 7), letters.slice(7)].join('-');
}

const asId = (text: string): RoomRef | undefined =>
  /^[A-Za-z0-9_-]{3,64}$/.test(text) ? text : undefined;

/** Where a room is opened. */
export const roomPath = (ref: RoomRef): string => `/r/${encodeURIComponent(ref)}`;

/** What to pass on. */
export const inviteLink = (code: string): string => `${window.location.origin}${roomPath(code)}`;
