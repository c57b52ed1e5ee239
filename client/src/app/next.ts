/** A path that remembers where one was going. */
export const withNext = (path: string, next: string): string =>
  `${path}?next=${encodeURIComponent(next)}`;

/** The lobby, with the question that opens a room. */
export const NEW_ROOM = '/lobby?new';

/** Where one was going; only ever a place of ours. */
export function nextOf(search: string): string {
  const next = new URLSearchParams(search).get('next');
  return next && /^\/(?![/\\])/.test(next) ? next : '/lobby';
}
