import { createStore } from 'zustand/vanilla';
import type { GuestLogin, Login, SignedIn, Signup, UserProfile } from '../protocol';
import { http, jsonBody } from './http';
import { RequestError } from './types';

/** `unknown` until the refresh cookie has been tried; `trouble` while that gets no answer. */
export type SessionState =
  | { phase: 'unknown'; trouble: boolean }
  | { phase: 'signedOut' }
  | { phase: 'signedIn'; user: UserProfile };

const RENEW_BEFORE_MS = 60_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000];

let access: { token: string; endsAt: number } | null = null;
let renewal: ReturnType<typeof setTimeout> | undefined;
let refreshing: Promise<string> | null = null;
// A slow refresh must not undo a sign-in or sign-out that came after it began.
let generation = 0;

const store = createStore<SessionState>(() => ({ phase: 'unknown', trouble: false }));
const otherTabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('session');

otherTabs?.addEventListener('message', (event: MessageEvent<'in' | 'out'>) => {
  if (event.data === 'out') forget();
  else if (store.getState().phase === 'signedOut') void session.restore();
});

function remember(answer: SignedIn): string {
  generation += 1;
  access = { token: answer.accessToken, endsAt: Date.now() + answer.expiresIn * 1000 };
  clearTimeout(renewal);
  renewal = setTimeout(
    () => void renew().catch(() => undefined),
    Math.max(5_000, answer.expiresIn * 1000 - RENEW_BEFORE_MS),
  );
  const before = store.getState();
  const same =
    before.phase === 'signedIn' &&
    before.user.userId === answer.user.userId &&
    before.user.name === answer.user.name &&
    before.user.timeZone === answer.user.timeZone;
  if (!same) store.setState({ phase: 'signedIn', user: answer.user }, true);
  return answer.accessToken;
}

function forget() {
  generation += 1;
  access = null;
  clearTimeout(renewal);
  store.setState({ phase: 'signedOut' }, true);
}

/** One refresh at a time over all tabs: a refresh token used twice ends the whole family. */
async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  // Locks are absent over plain HTTP; the promise in `renew` still serves this tab.
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks ? locks.request('session-refresh', work) : work();
}

/** A fresh access token by the refresh cookie. Signs out when the cookie is no longer good. */
function renew(): Promise<string> {
  refreshing ??= exclusively(async () => {
    const started = generation;
    try {
      const answer = await http<SignedIn>('/auth/refresh', jsonBody('POST', {}));
      if (generation === started) return remember(answer);
    } catch (error) {
      if (generation === started) {
        if (isRefusal(error)) forget();
        throw error;
      }
    }
    if (access) return access.token;
    throw new RequestError('unauthorized', 'Signed out.', false);
  }).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof RequestError &&
    (error.code === 'unauthorized' || error.code === 'token_expired')
  );
}

async function signIn(path: string, body: Signup | Login | GuestLogin): Promise<void> {
  remember(await http<SignedIn>(`/auth/${path}`, jsonBody('POST', body)));
  otherTabs?.postMessage('in');
}

/** Who is using this page. The access token lives in memory only. */
export const session = {
  store,

  signup: (body: Signup) => signIn('signup', body),
  login: (body: Login) => signIn('login', body),
  guest: (body: GuestLogin) => signIn('guest', body),

  /** Here, or on every device; both forget this one also when the server cannot be told. */
  async logout(everywhere = false): Promise<void> {
    try {
      const path = everywhere ? '/auth/logout?everywhere=true' : '/auth/logout';
      await http(path, jsonBody('POST', {}));
    } finally {
      forget();
      otherTabs?.postMessage('out');
    }
  },

  /** At start: signed in again if the cookie still is; keeps trying while nobody answers. */
  async restore(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await renew();
        return;
      } catch (error) {
        if (isRefusal(error)) return;
        // Only the first start waits for an answer; a restore after another tab's sign-in does not.
        if (store.getState().phase !== 'unknown') return;
        store.setState({ phase: 'unknown', trouble: attempt > 0 }, true);
        const wait = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  },

  /** The profile as it is now, after a change of it. */
  nowIs(user: UserProfile): void {
    if (store.getState().phase === 'signedIn') store.setState({ phase: 'signedIn', user }, true);
  },

  /** The token in hand, or none. */
  token: (): string | null => access?.token ?? null,

  /**
   * A token good for a while yet.
   * @throws RequestError when signed out, or when nobody answers.
   */
  async freshToken(): Promise<string> {
    if (access && access.endsAt - Date.now() > 20_000) return access.token;
    return renew();
  },

  /** A new token in place of one the server no longer takes. */
  async replaceToken(refused: string | null): Promise<string> {
    if (access && access.token !== refused) return access.token;
    return renew();
  },
};
