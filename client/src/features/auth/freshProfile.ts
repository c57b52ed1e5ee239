import { api, session } from '../../connection';

/** The page has to be away this long before it asks again, in milliseconds. */
const FRESH_MS = 60_000;

/** Asks for one's name and picture, which another device may have changed. */
export async function refreshProfile(): Promise<void> {
  const state = session.store.getState();
  if (state.phase !== 'signedIn' || state.other) return;
  try {
    session.setUser(await api.me());
  } catch {
    // It stays as it was; the next token brings it too.
  }
}

/** Asks when someone comes back to the page, until the returned function is called. */
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
