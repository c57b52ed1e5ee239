import type { ErrorCode } from '../protocol';
import { secondsLeft } from './clock';
import { RequestError } from './types';

type Messages = Partial<Record<ErrorCode, string>>;

const general: Record<ErrorCode, string> = {
  bad_request: 'Something in there is not right. Please check it and try again.',
  unauthorized: 'You are signed out. Please sign in again.',
  token_expired: 'You were away for a while. Please sign in again.',
  forbidden: 'You may not do that here.',
  not_found: 'That is not there any more.',
  not_in_room: 'You are not in this room at the moment.',
  conflict: 'Someone was faster. Please try again.',
  too_large: 'That is too large.',
  rate_limited: 'That was a little fast. Please wait a moment.',
  room_full: 'This room is full.',
  room_locked: 'This room is locked.',
  banned: 'You were removed from this room and may not come back.',
  waiting_for_admission: 'Someone inside has to let you in.',
  unavailable: 'The server does not answer. Check your connection and try again.',
  internal: 'Something went wrong on the server. Please try again.',
};

/** The text shown for a failure; `special` overrides it by code where the caller knows the context. */
export function errorMessage(error: unknown, special: Messages = {}): string {
  if (!(error instanceof RequestError)) return general.internal;
  if (error.code === 'rate_limited' && error.retryAfterMs) {
    const what = special.rate_limited ?? 'That was a little fast.';
    return `${what} Try again in ${formatWait(error.retryAfterMs)}.`;
  }
  return special[error.code] ?? general[error.code];
}

/** A wait, such as "5 s" or "2 minutes". */
export function formatWait(ms: number): string {
  const seconds = Math.max(1, secondsLeft(ms));
  if (seconds < 90) return `${seconds} s`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
