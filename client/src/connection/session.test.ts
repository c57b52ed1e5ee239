import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const user = { userId: 'u1', name: 'Ann', email: 'a@b', guest: false, timeZone: 'UTC' };
const signedIn = (token: string) => ({ accessToken: token, expiresIn: 900, user });
const answer = (status: number, body: unknown) =>
  Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status }));
const refused = (code: string, status = 401) =>
  answer(status, { error: { code, message: code, retryable: false } });

const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();
const asked = () => fetched.mock.calls.map(([path]) => path);
const bearer = (at: number) =>
  new Headers(fetched.mock.calls[at]?.[1].headers).get('Authorization');

/** The session is one per page, so each test loads its own. */
async function load() {
  vi.resetModules();
  const { session } = await import('./session');
  const { api } = await import('./api');
  return { session, api };
}

beforeEach(() => {
  vi.useFakeTimers();
  fetched.mockReset();
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('BroadcastChannel', undefined);
  vi.stubGlobal('navigator', {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the start', () => {
  it('finds the cookie good', async () => {
    fetched.mockReturnValueOnce(answer(200, signedIn('t1')));
    const { session } = await load();
    await session.restore();
    expect(session.store.getState()).toEqual({ phase: 'signedIn', user });
    expect(session.token()).toBe('t1');
  });

  it('finds nobody', async () => {
    fetched.mockReturnValueOnce(refused('unauthorized'));
    const { session } = await load();
    await session.restore();
    expect(session.store.getState()).toEqual({ phase: 'signedOut' });
  });

  it('keeps asking while nobody answers, and says so', async () => {
    fetched
      .mockRejectedValueOnce(new TypeError('no network'))
      .mockRejectedValueOnce(new TypeError('no network'))
      .mockReturnValueOnce(answer(200, signedIn('t1')));
    const { session } = await load();
    const restoring = session.restore();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(session.store.getState()).toEqual({ phase: 'unknown', trouble: true });
    await vi.advanceTimersByTimeAsync(2_000);
    await restoring;
    expect(session.store.getState().phase).toBe('signedIn');
  });
});

it('has another device’s new picture as soon as a token brings it', async () => {
  fetched.mockReturnValueOnce(answer(200, signedIn('t1')));
  const { session } = await load();
  await session.restore();
  const now = { ...user, avatarUrl: '/api/avatars/u1/2' };
  fetched.mockReturnValueOnce(answer(200, { ...signedIn('t2'), user: now }));
  await session.replaceToken('t1');
  expect(session.store.getState()).toEqual({ phase: 'signedIn', user: now });
});

it('knows a profile that is the same, and takes none of someone else', async () => {
  fetched.mockReturnValueOnce(answer(200, signedIn('t1')));
  const { session } = await load();
  await session.restore();
  const before = session.store.getState();
  session.setUser({ ...user });
  session.setUser({ ...user, userId: 'u2', name: 'Bob' });
  expect(session.store.getState()).toBe(before);
  session.setUser({ ...user, name: 'Anna' });
  expect(session.store.getState()).toEqual({ phase: 'signedIn', user: { ...user, name: 'Anna' } });
});

const QUIETLY = '/api/auth/refresh?quietly=true';

describe('the token', () => {
  it('is renewed a minute before its end', async () => {
    fetched
      .mockReturnValueOnce(answer(200, signedIn('t1')))
      .mockReturnValueOnce(answer(200, signedIn('t2')));
    const { session } = await load();
    await session.login({ email: 'a@b', password: 'x' });
    await vi.advanceTimersByTimeAsync(839_000);
    expect(session.token()).toBe('t1');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.token()).toBe('t2');
  });

  it('is renewed once for all who ask at the same time', async () => {
    fetched.mockReturnValueOnce(answer(200, signedIn('t1')));
    const { session } = await load();
    expect(await Promise.all([session.freshToken(), session.freshToken()])).toEqual(['t1', 't1']);
    expect(asked()).toEqual([QUIETLY]);
  });

  it('is asked for at the first visit without an error', async () => {
    fetched.mockReturnValueOnce(answer(204, null));
    const { session } = await load();
    await session.restore();
    expect(asked()).toEqual([QUIETLY]);
    expect(session.store.getState()).toEqual({ phase: 'signedOut' });
  });

  it('is not renewed for one who was refused with an older one', async () => {
    fetched.mockReturnValueOnce(answer(200, signedIn('t2')));
    const { session } = await load();
    await session.restore();
    expect(await session.replaceToken('t1')).toBe('t2');
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('does not come back by a refresh that a sign-out has overtaken', async () => {
    let late: (response: Response) => void = () => undefined;
    fetched
      .mockReturnValueOnce(answer(200, signedIn('t1')))
      .mockReturnValueOnce(new Promise((resolve) => (late = resolve)))
      .mockReturnValueOnce(answer(204, null));
    const { session } = await load();
    await session.restore();
    const renewing = session.replaceToken('t1').catch((error: unknown) => error);
    await session.logout();
    late(new Response(JSON.stringify(signedIn('t2'))));
    expect(await renewing).toMatchObject({ code: 'unauthorized' });
    expect(session.store.getState()).toEqual({ phase: 'signedOut' });
    expect(session.token()).toBeNull();
  });
});

describe('a request', () => {
  it('is made again with a fresh token when the old one has ended', async () => {
    fetched
      .mockReturnValueOnce(answer(200, signedIn('t1')))
      .mockReturnValueOnce(refused('token_expired'))
      .mockReturnValueOnce(answer(200, signedIn('t2')))
      .mockReturnValueOnce(answer(200, { rooms: [] }));
    const { session, api } = await load();
    await session.restore();
    expect(await api.rooms()).toEqual({ rooms: [] });
    expect(asked()).toEqual([QUIETLY, '/api/rooms', '/api/auth/refresh', '/api/rooms']);
    expect([bearer(1), bearer(3)]).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('is made by nobody when signed out, and once only', async () => {
    fetched.mockReturnValueOnce(refused('unauthorized'));
    const { api } = await load();
    await expect(api.roomPreview('a/b')).rejects.toMatchObject({ code: 'unauthorized' });
    expect(asked()).toEqual(['/api/rooms/a%2Fb']);
    expect(bearer(0)).toBeNull();
  });

  it('tells how long to wait', async () => {
    fetched.mockReturnValueOnce(
      Promise.resolve(
        new Response(
          JSON.stringify({ error: { code: 'rate_limited', message: '', retryable: true } }),
          { status: 429, headers: { 'Retry-After': '7' } },
        ),
      ),
    );
    const { api } = await load();
    await expect(api.rooms()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 7000 });
  });

  it('is unavailable when a proxy answers in its own words', async () => {
    fetched.mockReturnValueOnce(Promise.resolve(new Response('<h1>Bad gateway', { status: 502 })));
    const { api } = await load();
    await expect(api.rooms()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});

describe('someone else who signs in in another tab', () => {
  const gus = { userId: 'g1', name: 'Gus', email: null, guest: true, timeZone: 'UTC' };
  const asGus = (token: string) => ({ accessToken: token, expiresIn: 900, user: gus });
  let heard: ((event: { data: unknown }) => void) | undefined;
  const posted: unknown[] = [];

  beforeEach(() => {
    heard = undefined;
    posted.length = 0;
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        addEventListener(_: string, listener: typeof heard) {
          heard = listener;
        }
        postMessage(message: unknown) {
          posted.push(message);
        }
      },
    );
    vi.setSystemTime(0);
  });

  async function asGuest() {
    fetched.mockReturnValueOnce(answer(200, asGus('g')));
    const { session } = await load();
    await session.guest({ name: 'Gus', roomId: 'r' });
    return session;
  }

  const other = (until: number | null) => ({
    phase: 'signedIn',
    user: gus,
    other: { user, until },
  });

  it('is told to the tabs, and a guest there goes on as a guest for as long as they like', async () => {
    const session = await asGuest();
    expect(posted).toEqual([{ in: gus }]);
    for (let n = 1; n <= 5; n++) fetched.mockReturnValueOnce(answer(200, asGus(`g${n}`)));
    heard?.({ data: { in: user } });
    expect(session.store.getState()).toEqual(other(900_000));
    await vi.advanceTimersByTimeAsync(3_000_000);
    expect(session.store.getState()).toEqual(other(null));
    expect(await session.freshToken()).toBe('g4');
    expect(asked()).toEqual([
      '/api/auth/guest',
      ...Array<string>(4).fill('/api/auth/refresh/guest'),
    ]);
  });

  it('is noticed by the next renewal where nothing was told', async () => {
    const session = await asGuest();
    fetched
      .mockReturnValueOnce(answer(200, signedIn('a')))
      .mockReturnValueOnce(answer(200, asGus('g2')));
    await vi.advanceTimersByTimeAsync(841_000);
    expect(session.store.getState()).toEqual(other(null));
    expect(session.token()).toBe('g2');
    expect(asked().slice(1)).toEqual(['/api/auth/refresh', '/api/auth/refresh/guest']);
  });

  it('takes the place of a guest without a cookie when the token ends, in so many words', async () => {
    const session = await asGuest();
    fetched.mockReturnValueOnce(refused('unauthorized'));
    heard?.({ data: { in: user } });
    await vi.advanceTimersByTimeAsync(899_000);
    expect(session.store.getState()).toEqual(other(900_000));
    expect(await session.freshToken()).toBe('g');
    expect(await session.replaceToken('g')).toBe('g');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(session.store.getState()).toEqual({ ...other(900_000), phase: 'replaced' });
    await expect(session.freshToken()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(asked().slice(1)).toEqual(['/api/auth/refresh/guest']);
  });

  it('is who one becomes when one asks for it', async () => {
    const session = await asGuest();
    fetched
      .mockReturnValueOnce(answer(200, asGus('g2')))
      .mockRejectedValueOnce(new TypeError('no network'));
    heard?.({ data: { in: user } });
    await vi.advanceTimersByTimeAsync(0);
    await expect(session.switchUser()).rejects.toMatchObject({ code: 'unavailable' });
    expect(session.token()).toBe('g2');
    fetched.mockReturnValueOnce(answer(200, signedIn('a')));
    await session.switchUser();
    expect(session.store.getState()).toEqual({ phase: 'signedIn', user });
    expect(session.token()).toBe('a');
    await vi.advanceTimersByTimeAsync(800_000);
    expect(session.store.getState()).toEqual({ phase: 'signedIn', user });
  });

  it('stays signed in when the guest signs out, and takes no guest along', async () => {
    const session = await asGuest();
    fetched.mockReturnValueOnce(answer(200, asGus('g2')));
    heard?.({ data: { in: user } });
    heard?.({ data: { out: user.userId } });
    await vi.advanceTimersByTimeAsync(0);
    expect(session.store.getState().phase).toBe('signedIn');
    await session.logout();
    expect(session.store.getState()).toEqual({ phase: 'signedOut' });
    expect(asked()).not.toContain('/api/auth/logout');
  });

  it('is nobody else when it is the same person', async () => {
    const session = await asGuest();
    heard?.({ data: { in: gus } });
    expect(session.store.getState()).toEqual({ phase: 'signedIn', user: gus });
  });
});
