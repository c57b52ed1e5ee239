import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FailureTracker } from './failureTracker';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const relay: RTCConfiguration = { iceServers: [{ urls: ['turn:a'] }], iceTransportPolicy: 'relay' };
const any: RTCConfiguration = { iceServers: [{ urls: ['turn:a'] }] };
const refusal = { errorCode: 401, url: 'turn:a:1?transport=udp' };

function begun() {
  const changed = vi.fn();
  const failures = new FailureTracker(changed);
  failures.begin();
  return { failures, changed };
}

test('for a while there is nothing to say, then there is', () => {
  const { failures, changed } = begun();
  expect(failures.reason(any, false)).toBeUndefined();
  vi.advanceTimersByTime(4_000);
  failures.begin();
  vi.advanceTimersByTime(2_100);
  expect(changed).toHaveBeenCalledOnce();
  expect(failures.reason(any, false)).toBe('noAnswer');
  expect(failures.reason(any, true)).toBe('noRoute');
  failures.end();
  expect(failures.reason(any, true)).toBeUndefined();
});

test('a refusal is told at once where only the relay may be used, else when nothing else works', () => {
  const { failures } = begun();
  expect(failures.candidateError(refusal)).toBe(true);
  expect(failures.reason(relay, true)).toBe('refused');
  expect(failures.reason(any, true)).toBeUndefined();
  vi.advanceTimersByTime(6_100);
  expect(failures.reason(any, true)).toBe('refused');
  failures.candidateFound({ type: 'relay' });
  expect(failures.reason(any, true)).toBe('noRoute');
});

test('a relay that is not there, or does not answer', () => {
  const { failures } = begun();
  expect(failures.reason({ ...relay, iceServers: [{ urls: 'stun:a' }] }, false)).toBe('noRelay');
  expect(failures.candidateError({ errorCode: 701, url: 'turn:a' })).toBe(false);
  vi.advanceTimersByTime(6_100);
  expect(failures.reason(relay, true)).toBe('silentRelay');
});

test('what a STUN server says is no word of a relay', () => {
  const { failures } = begun();
  expect(failures.candidateError({ errorCode: 401, url: 'stun:a' })).toBe(false);
});
