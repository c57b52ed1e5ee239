import { createStore } from 'zustand/vanilla';
import type { GuestLogin, Login, SignedIn, Signup, UserProfile } from '../protocol';
import { http, jsonBody } from './http';
import { forgetDrafts } from './drafts';
import { RequestError } from './types';

/** Someone else signed in in another tab of this browser: the cookie is theirs now. */
export interface OtherUser {
  readonly user: UserProfile;
  /** When this tab can go on no longer as who it is, in milliseconds since 1970; null while that is renewed. */
  readonly until: number | null;
}

/**
 * `unknown` until the refresh cookie has been tried; `trouble` while that gets no answer. `replaced` once
 * this tab could go on no longer beside someone else who signed in in another one.
 */
export type SessionState =
  | { phase: 'unknown'; trouble: boolean }
  | { phase: 'signedOut' }
  | { phase: 'signedIn'; user: UserProfile; other?: OtherUser }
  | { phase: 'replaced'; user: UserProfile; other: OtherUser };

/** What tabs tell each other; `in` and `out` alone are of an earlier version of this page. */
type TabMessage = 'in' | 'out' | { in: UserProfile } | { out: string };

const RENEW_BEFORE_MS = 60_000;
const RETRY_MS = [1_000, 2_000, 5_000, 10_000];

let access: { token: string; endsAt: number } | null = null;
let renewal: ReturnType<typeof setTimeout> | undefined;
let refreshing: Promise<string> | null = null;
// A slow refresh must not undo a sign-in or sign-out that came after it began.
let generation = 0;
// Only who asks for it becomes someone else: a call may be going on.
let switching = false;

const store = createStore<SessionState>(() => ({ phase: 'unknown', trouble: false }));
const otherTabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('session');

otherTabs?.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
  const state = store.getState();
  if (data === 'out') endSession();
  else if (typeof data === 'object' && 'out' in data) {
    if (state.phase !== 'signedIn' || state.user.userId === data.out) endSession();
  } else if (state.phase === 'signedOut') void session.restore();
  else if (typeof data === 'object') noticeUser(data.in);
});

/** Takes note of who signed in in another tab; this tab stays signed in as long as its token can be renewed. */
function noticeUser(user: UserProfile) {
  const state = store.getState();
  if (state.phase !== 'signedIn' || !access) return;
  if (state.user.userId === user.userId) {
    // Their name or picture changed in another tab.
    store.setState({ ...state, user }, true);
    return;
  }
  staySignedInUntil(access.endsAt, user);
  // A guest has a cookie of their own since the other one signed in.
  if (state.user.guest)
    void settled()
      .then(renewGuest)
      .catch(() => undefined);
}

function staySignedInUntil(until: number, user: UserProfile) {
  const state = store.getState();
  if (state.phase !== 'signedIn') return;
  const other = { user, until };
  clearTimeout(renewal);
  renewal = setTimeout(
    () => store.setState({ phase: 'replaced', user: state.user, other }, true),
    until - Date.now(),
  );
  store.setState({ phase: 'signedIn', user: state.user, other }, true);
}

/** Once no refresh is under way. */
async function settled(): Promise<void> {
  while (refreshing) await refreshing.catch(() => undefined);
}

/** A fresh token for a guest beside whom someone else signed in. */
function renewGuest(): Promise<string> {
  refreshing ??= exclusively(async () => {
    const started = generation;
    try {
      const answer = await http<SignedIn>('/auth/refresh/guest', jsonBody('POST', {}));
      const state = store.getState();
      if (generation === started && state.phase === 'signedIn' && state.other) {
        if (answer.user.userId !== state.user.userId) throw signedOut();
        keepToken(answer, renewGuest);
        store.setState({ ...state, other: { user: state.other.user, until: null } }, true);
      }
    } catch (error) {
      const other = otherUser();
      if (generation === started && other && access && isRefusal(error)) {
        staySignedInUntil(access.endsAt, other.user);
      }
    }
    return currentToken();
  }).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

function otherUser(): OtherUser | undefined {
  const state = store.getState();
  return state.phase === 'signedIn' || state.phase === 'replaced' ? state.other : undefined;
}

/** Keeps a token, and renews it before its end. */
function keepToken(answer: SignedIn, again: () => Promise<string>) {
  access = { token: answer.accessToken, endsAt: Date.now() + answer.expiresIn * 1000 };
  clearTimeout(renewal);
  renewal = setTimeout(
    () => void again().catch(() => undefined),
    Math.max(5_000, answer.expiresIn * 1000 - RENEW_BEFORE_MS),
  );
}

function remember(answer: SignedIn): string {
  generation += 1;
  keepToken(answer, renew);
  const before = store.getState();
  const same = before.phase === 'signedIn' && before.other === undefined;
  if (!same || !sameProfile(before.user, answer.user))
    store.setState({ phase: 'signedIn', user: answer.user }, true);
  return answer.accessToken;
}

/** In all that there is: name, picture, zone. */
function sameProfile(one: UserProfile, other: UserProfile): boolean {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)] as (keyof UserProfile)[]);
  return [...fields].every((field) => one[field] === other[field]);
}

function endSession() {
  generation += 1;
  access = null;
  clearTimeout(renewal);
  store.setState({ phase: 'signedOut' }, true);
}

/** One refresh at a time over all tabs: a refresh token used after its successor ends the whole family. */
async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  // Locks are absent over plain HTTP; the promise in `renew` still serves this tab.
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks ? locks.request('session-refresh', work) : work();
}

/** A fresh access token by the refresh cookie. Signs out when the cookie is no longer good. */
function renew(): Promise<string> {
  const other = otherUser();
  if (other && !switching) return other.until === null ? renewGuest() : currentToken();
  refreshing ??= exclusively(async () => {
    const started = generation;
    try {
      // A page that was just opened cannot know: no session is no error then.
      const first = store.getState().phase === 'unknown';
      const path = first ? '/auth/refresh?quietly=true' : '/auth/refresh';
      const answer = await http<SignedIn | undefined>(path, jsonBody('POST', {}));
      if (!answer) throw new RequestError('unauthorized', 'No session.', false);
      if (generation === started) {
        if (switching) return remember(answer);
        noticeUser(answer.user);
        if (!otherUser()) return remember(answer);
      }
    } catch (error) {
      if (generation === started) {
        if (isRefusal(error)) endSession();
        throw error;
      }
    }
    return currentToken();
  }).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** The token held, while it is still good. */
function currentToken(): Promise<string> {
  return access && access.endsAt > Date.now()
    ? Promise.resolve(access.token)
    : Promise.reject(signedOut());
}

const signedOut = () => new RequestError('unauthorized', 'Signed out.', false);

function isRefusal(error: unknown): boolean {
  return (
    error instanceof RequestError &&
    (error.code === 'unauthorized' || error.code === 'token_expired')
  );
}

function broadcast(message: TabMessage) {
  otherTabs?.postMessage(message);
}

async function signIn(path: string, body: Signup | Login | GuestLogin): Promise<void> {
  const answer = await http<SignedIn>(`/auth/${path}`, jsonBody('POST', body));
  remember(answer);
  broadcast({ in: answer.user });
}

/** Who is using this page. The access token lives in memory only. */
export const session = {
  store,

  signup: (body: Signup) => signIn('signup', body),
  login: (body: Login) => signIn('login', body),
  guest: (body: GuestLogin) => signIn('guest', body),

  /** Here, or on every device; both forget this one also when the server cannot be told. */
  async logout(everywhere = false): Promise<void> {
    const state = store.getState();
    if (state.phase === 'signedIn') forgetDrafts(state.user.userId);
    if (otherUser()) {
      // The cookie is not this one's: whose it is stays signed in.
      endSession();
      return;
    }
    try {
      const path = everywhere ? '/auth/logout?everywhere=true' : '/auth/logout';
      await http(path, jsonBody('POST', {}));
    } finally {
      endSession();
      broadcast(state.phase === 'signedIn' ? { out: state.user.userId } : 'out');
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

  /**
   * Becomes who signed in in another tab.
   * @throws RequestError when nobody answers; this tab stays who it is then.
   */
  async switchUser(): Promise<void> {
    await settled();
    switching = true;
    try {
      await renew();
    } finally {
      switching = false;
    }
  },

  /** Takes over a changed profile, and tells the other tabs. */
  setUser(user: UserProfile): void {
    const state = store.getState();
    if (state.phase !== 'signedIn' || state.user.userId !== user.userId) return;
    if (sameProfile(state.user, user)) return;
    store.setState({ ...state, user }, true);
    broadcast({ in: user });
  },

  /** The access token held, or none. */
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
