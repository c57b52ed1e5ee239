import { useSyncExternalStore } from 'react';

/** A computer that slept, or whose clock was set, is noticed within this time. */
const LOOK_MS = 60_000;

const midnight = () => new Date().setHours(0, 0, 0, 0);

function watch(changed: () => void): () => void {
  const look = () => {
    changed();
    next = setTimeout(look, untilNextLook());
  };
  let next = setTimeout(look, untilNextLook());
  document.addEventListener('visibilitychange', changed);
  return () => {
    clearTimeout(next);
    document.removeEventListener('visibilitychange', changed);
  };
}

function untilNextLook(): number {
  return Math.min(LOOK_MS, new Date().setHours(24, 0, 0, 0) - Date.now() + 1);
}

/** When this day began, in milliseconds since 1970; what uses it is drawn anew on the next one. */
export const useToday = (): number => useSyncExternalStore(watch, midnight);
