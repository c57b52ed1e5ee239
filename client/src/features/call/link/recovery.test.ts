import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  haveAgreed,
  connectedPeers,
  removeFakes,
  settle,
  fakePeer,
  installFakes,
  exchangeSignals,
} from './fakePeers';

beforeEach(installFakes);
afterEach(removeFakes);

test('a connection without a candidate is replaced', async () => {
  const [a, b] = [fakePeer(true), fakePeer(false)];
  a.link.offer();
  await exchangeSignals(a, b);
  await vi.advanceTimersByTimeAsync(3_100);
  await exchangeSignals(a, b);
  expect(a.made).toHaveLength(2);
  expect(a.made[0]?.connectionState).toBe('closed');
  expect(haveAgreed(a, b)).toBe(true);
});

test('after a disconnection the side of the first offer restarts ICE, on the same connection', async () => {
  const { a, b } = await connectedPeers();
  a.made[0]!.become('disconnected');
  b.made[0]!.become('disconnected');
  expect(a.link.phase).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(1_600);
  await exchangeSignals(a, b);
  expect([a.made[0]?.restarted, b.made[0]?.restarted]).toEqual([1, 0]);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
});

test('a disconnection that heals by itself costs nothing', async () => {
  const { a } = await connectedPeers();
  a.made[0]!.become('disconnected');
  await vi.advanceTimersByTimeAsync(1_000);
  a.made[0]!.become('connected');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(a.made[0]?.restarted).toBe(0);
});

test('while the line to the server is away nothing is tried; it recovers after the return', async () => {
  const { a, b } = await connectedPeers();
  a.online = false;
  a.made[0]!.become('failed');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(a.sent).toHaveLength(0);
  a.online = true;
  a.link.rejoined();
  await exchangeSignals(a, b);
  expect(a.made[0]?.restarted).toBe(1);
});

test.each([
  ['the side of the first offer is the polite one', true],
  ['the other side is', false],
])(
  'an offer to recover that was lost while the other side was away is made good when it is back: %s',
  async (_, polite) => {
    const [a, b] = [fakePeer(polite), fakePeer(!polite)];
    a.link.offer();
    await exchangeSignals(a, b);
    for (const pc of [...a.made, ...b.made]) pc.become('connected');
    for (const pc of [...a.made, ...b.made]) pc.become('failed');
    await settle();
    // Nobody was there to take it.
    a.sent.length = 0;
    expect(a.made[0]?.signalingState).toBe('have-local-offer');
    b.link.rejoined();
    await vi.advanceTimersByTimeAsync(1_100);
    await exchangeSignals(a, b);
    expect(haveAgreed(a, b)).toBe(true);
    expect([a.made.length, b.made.length]).toEqual([1, 1]);
  },
);

test('an answer that was lost is given again when the offer is', async () => {
  const [a, b] = [fakePeer(false), fakePeer(true)];
  a.link.offer();
  await exchangeSignals(a, b);
  for (const pc of [...a.made, ...b.made]) pc.become('connected');
  a.made[0]!.become('failed');
  await settle();
  b.link.receive(a.sent.splice(0)[0]!);
  await settle();
  b.sent.length = 0;
  b.made[0]!.become('failed');
  b.link.rejoined();
  await vi.advanceTimersByTimeAsync(1_100);
  await exchangeSignals(a, b);
  expect(haveAgreed(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
});

test('a connection that works is left alone after a rejoin', async () => {
  const { a, b } = await connectedPeers();
  a.link.rejoined();
  b.link.rejoined();
  await vi.advanceTimersByTimeAsync(30_000);
  expect([...a.sent, ...b.sent]).toHaveLength(0);
});

test('should no first offer come, it is made', async () => {
  const [a, b] = [fakePeer(true), fakePeer(false)];
  a.link.expectOffer(3_000);
  await vi.advanceTimersByTimeAsync(2_900);
  expect(a.made).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(200);
  await exchangeSignals(a, b);
  expect(haveAgreed(a, b)).toBe(true);
});
