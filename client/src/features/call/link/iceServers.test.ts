import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { IceServers } from '../../../protocol';
import { createIceServers, credentialsExpireAt, hasRelay } from './iceServers';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000_000_000 }));
afterEach(() => vi.useRealTimers());

const servers = (endsInMs: number) => {
  const expiresAt = Date.now() + endsInMs;
  const username = `${Math.floor(expiresAt / 1_000)}:ann`;
  return { iceServers: [{ urls: ['turn:a:1'], username, credential: 'c' }], expiresAt };
};

function setUp(endsInMs: number) {
  const fetch = vi.fn(() => Promise.resolve<IceServers>(servers(3_600_000)));
  const changed = vi.fn();
  const ice = createIceServers({ fetch, now: Date.now, changed });
  ice.set(servers(endsInMs).iceServers);
  return { fetch, changed, ice };
}

test('credentials are renewed before they end, again and again', async () => {
  const { fetch, ice } = setUp(3_600_000);
  const first = ice.servers[0]?.username;
  await vi.advanceTimersByTimeAsync(54 * 60_000);
  expect(fetch).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(fetch).toHaveBeenCalledOnce();
  expect(ice.servers[0]?.username).not.toBe(first);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(fetch).toHaveBeenCalledTimes(2);
});

test('those that end soon are renewed half-way', async () => {
  const { fetch } = setUp(60_000);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(fetch).toHaveBeenCalledOnce();
});

test('a server that does not answer is asked again', async () => {
  const { fetch } = setUp(60_000);
  fetch.mockRejectedValueOnce(new Error('away'));
  await vi.advanceTimersByTimeAsync(46_000);
  expect(fetch).toHaveBeenCalledTimes(2);
});

test('refused credentials are renewed, but not in a loop', async () => {
  const { fetch, ice } = setUp(3_600_000);
  ice.renew();
  await vi.advanceTimersByTimeAsync(100);
  for (let n = 0; n < 5; n++) ice.renew();
  expect(fetch).toHaveBeenCalledOnce();
});

test('servers without credentials have no end', async () => {
  expect(credentialsExpireAt([{ username: undefined as never }])).toBeUndefined();
  expect(hasRelay([{ urls: 'stun:a' }])).toBe(false);
  expect(hasRelay([{ urls: 'stun:a' }, { urls: ['turns:a'] }])).toBe(true);
  const fetch = vi.fn();
  const ice = createIceServers({ fetch, now: Date.now, changed: () => undefined });
  ice.set([{ urls: ['stun:a'] }]);
  ice.renew();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(fetch).not.toHaveBeenCalled();
});

test('an address that the browser refuses is left out, and told once', () => {
  // As Firefox, by the port.
  class Refusing {
    constructor({ iceServers = [] }: RTCConfiguration) {
      if (iceServers.some(({ urls }) => [urls].flat().some((url) => url.endsWith(':110'))))
        throw new DOMException('port', 'SyntaxError');
    }
    close = () => undefined;
  }
  vi.stubGlobal('RTCPeerConnection', Refusing);
  const unsupported = vi.fn();
  const ice = createIceServers({ fetch: vi.fn(), now: Date.now, changed: vi.fn(), unsupported });
  const given = [{ urls: ['turn:a:110', 'turn:a:3478'] }];
  ice.set(given);
  ice.set(given);
  expect(ice.servers).toEqual([{ urls: ['turn:a:3478'] }]);
  expect(unsupported.mock.calls).toEqual([[['turn:a:110']]]);
  vi.unstubAllGlobals();
});
