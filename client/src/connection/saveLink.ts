import { monotonic } from './clock';

/** So long after the click the browser asks whether the page may go, at most. */
const ASKED_WITHIN_MS = 1_000;

let savedAt = -Infinity;

/** Lets the browser keep what is at an address that is never shown in place. */
export function saveLink(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.rel = 'noopener';
  // Where the address is of this site the browser then knows at once that the page stays.
  link.download = '';
  savedAt = monotonic();
  link.click();
}

/** Whether `beforeunload` is of a file that is kept: the page stays. */
export const isSaving = (): boolean => monotonic() - savedAt < ASKED_WITHIN_MS;
