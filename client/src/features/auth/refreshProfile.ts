import { api, session } from '../../connection';

/** The least time between two refreshes, in milliseconds. */
const FRESH_MS = 60_000;

/** Fetches the own profile, which another device may have changed. */
export async function refreshProfile(): Promise<void> {
  const state = session.store.getState();
  if (state.phase !== 'signedIn' || state.other) return;
  try {
    session.setUser(await api.me());
  } catch {
    // It stays as it was; the next token brings it too.
  }
}

/** Refreshes when the page becomes visible again, until the returned function is called. */
export function refreshOnReturn(): () => void {
  let askedAt = performance.now();
  const onReturn = () => {
    if (document.visibilityState !== 'visible' || performance.now() - askedAt < FRESH_MS) return;
    askedAt = performance.now();
    void refreshProfile();
  };
  document.addEventListener('visibilitychange', onReturn);
  return () => document.removeEventListener('visibilitychange', onReturn);
}
