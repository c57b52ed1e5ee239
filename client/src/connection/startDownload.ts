import { monotonic } from './clock';

/** The browser fires `beforeunload` for a download within this time of the click. */
const ASKED_WITHIN_MS = 1_000;

let startedAt = -Infinity;

/** Has the browser download what is at an address. */
export function startDownload(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.rel = 'noopener';
  // For an address of this origin the browser then knows at once that the page stays.
  link.download = '';
  startedAt = monotonic();
  link.click();
}

/** Whether a `beforeunload` comes from a download that is starting: the page stays. */
export const isDownloadStarting = (): boolean => monotonic() - startedAt < ASKED_WITHIN_MS;
