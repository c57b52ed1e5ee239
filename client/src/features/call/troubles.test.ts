import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Troubles } from './troubles';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const relay: RTCConfiguration = { iceServers: [{ urls: ['turn:a'] }], iceTransportPolicy: 'relay' };
const any: RTCConfiguration = { iceServers: [{ urls: ['turn:a'] }] };
const refusal = { errorCode: 401, url: 'turn:a:1?transport=udp' };

function begun() {
  const changed = vi.fn();
  const troubles = new Troubles(changed);
  troubles.begin();
  return { troubles, changed };
}

test('for a while there is nothing to say, then there is', () => {
  const { troubles, changed } = begun();
  expect(troubles.reason(any, false)).toBeUndefined();
  vi.advanceTimersByTime(4_000);
  troubles.begin();
  vi.advanceTimersByTime(2_100);
  expect(changed).toHaveBeenCalledOnce();
  expect(troubles.reason(any, false)).toBe('noAnswer');
  expect(troubles.reason(any, true)).toBe('noRoute');
  troubles.end();
  expect(troubles.reason(any, true)).toBeUndefined();
});

test('a refusal is told at once where only the relay may be used, else when nothing else works', () => {
  const { troubles } = begun();
  expect(troubles.heard(refusal)).toBe(true);
  expect(troubles.reason(relay, true)).toBe('refused');
  expect(troubles.reason(any, true)).toBeUndefined();
  vi.advanceTimersByTime(6_100);
  expect(troubles.reason(any, true)).toBe('refused');
  troubles.found({ type: 'relay' });
  expect(troubles.reason(any, true)).toBe('noRoute');
});

test('a relay that is not there, or does not answer', () => {
  const { troubles } = begun();
  expect(troubles.reason({ ...relay, iceServers: [{ urls: 'stun:a' }] }, false)).toBe('noRelay');
  expect(troubles.heard({ errorCode: 701, url: 'turn:a' })).toBe(false);
  vi.advanceTimersByTime(6_100);
  expect(troubles.reason(relay, true)).toBe('silentRelay');
});

test('what a STUN server says is no word of a relay', () => {
  const { troubles } = begun();
  expect(troubles.heard({ errorCode: 401, url: 'stun:a' })).toBe(false);
});
