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

test('one side offers, the other answers', async () => {
  const { a, b } = await connectedPeers();
  expect(haveAgreed(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
  expect(a.link.phase).toBe('connected');
});

test('when both make their first offer at once, the polite side takes the other one on a new connection', async () => {
  const [a, b] = [fakePeer(true), fakePeer(false)];
  a.link.offer();
  b.link.offer();
  await exchangeSignals(a, b);
  expect(haveAgreed(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([2, 1]);
});

test('when the offer that stands was lost, it is sent again', async () => {
  const [a, b] = [fakePeer(true), fakePeer(false)];
  b.link.offer();
  await settle();
  b.sent.length = 0;
  a.link.offer();
  await exchangeSignals(a, b);
  expect(haveAgreed(a, b)).toBe(true);
});

test('an answer to an earlier offer is ignored', async () => {
  const [a, b] = [fakePeer(true), fakePeer(false)];
  a.link.offer();
  await settle();
  for (const offer of a.sent.splice(0)) b.link.receive(offer);
  await settle();
  const [late] = b.sent.splice(0);
  a.link.offer();
  await settle();
  a.link.receive(late!);
  await settle();
  expect(a.made[1]?.signalingState).toBe('have-local-offer');
  await exchangeSignals(a, b);
  expect(haveAgreed(a, b)).toBe(true);
});

test('who has lost the connection that the other restarts makes a new one', async () => {
  const { a } = await connectedPeers();
  const forgetful = fakePeer(false);
  a.made[0]!.become('failed');
  await exchangeSignals(a, forgetful);
  expect(haveAgreed(a, forgetful)).toBe(true);
  expect(a.made).toHaveLength(2);
});

test('the same offer twice is answered twice alike', async () => {
  const { a, b } = await connectedPeers();
  a.link.reconfigure(true);
  await vi.advanceTimersByTimeAsync(1);
  const [offer] = a.sent.splice(0);
  b.link.receive(offer!);
  await settle();
  const version = b.made[0]?.version;
  b.link.receive(offer!);
  await settle();
  expect(b.sent[1]).toEqual(b.sent[0]);
  expect(b.made[0]?.version).toBe(version);
});

test('candidates wait for the description they belong to, and old ones are left out', async () => {
  const [a, b] = [fakePeer(true), fakePeer(false)];
  a.link.offer();
  await settle();
  const { session } = a.made[0]!;
  a.link.receiveCandidate({ candidate: 'early', usernameFragment: 'old' });
  for (const offer of a.sent.splice(0)) b.link.receive(offer);
  b.link.receiveCandidate({ candidate: 'good', usernameFragment: session });
  b.link.receiveCandidate({ candidate: 'stale', usernameFragment: 'old' });
  await exchangeSignals(a, b);
  expect(b.made[0]?.candidates.map((one) => one.candidate)).toEqual(['good']);
  expect(a.made[0]?.candidates).toEqual([]);
});

test('what is refused is agreed on the same connection, once', async () => {
  const { a, b } = await connectedPeers();
  b.link.setRejected(['audio']);
  await exchangeSignals(a, b);
  expect(haveAgreed(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
  expect(b.made[0]?.transceivers.map((it) => it.direction)).toEqual([
    'sendonly',
    'sendrecv',
    'sendrecv',
  ]);
  expect(a.made[0]?.transceivers[0]?.direction).toBe('sendrecv');
  b.link.setRejected(['audio']);
  await settle();
  expect(b.sent).toHaveLength(0);
  b.link.setRejected([]);
  await exchangeSignals(a, b);
  expect(b.made[0]?.transceivers[0]?.direction).toBe('sendrecv');
});

test('when both refuse at once, one description serves both', async () => {
  const { a, b } = await connectedPeers();
  a.link.setRejected(['audio']);
  b.link.setRejected(['camera']);
  await exchangeSignals(a, b);
  expect(haveAgreed(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
  expect(a.made[0]?.transceivers[0]?.direction).toBe('sendonly');
  expect(b.made[0]?.transceivers[1]?.direction).toBe('sendonly');
});

test('what is refused before there is a connection is refused from its first description on', async () => {
  const [a, b] = [fakePeer(true), fakePeer(false)];
  b.link.setRejected(['screen']);
  a.link.offer();
  await exchangeSignals(a, b);
  expect(b.made[0]?.transceivers.map((it) => it.direction)).toEqual([
    'sendrecv',
    'sendrecv',
    'sendonly',
  ]);
});

test('other servers are used from then on, and a connection that works goes on', async () => {
  const { a } = await connectedPeers();
  a.link.reconfigure(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(a.made[0]?.restarted).toBe(0);
  a.link.reconfigure(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(a.made[0]?.restarted).toBe(1);
});

test('nothing is tried with who cannot make calls', async () => {
  const b = fakePeer(false);
  b.link.offer();
  await settle();
  expect(b.sent.splice(0)).toHaveLength(1);
  b.link.giveUp();
  expect([b.link.phase, b.link.failureReason]).toEqual(['impossible', 'unableThere']);
  expect(b.made[0]?.connectionState).toBe('closed');
  b.link.offer();
  b.link.expectOffer(1_000);
  b.link.rejoined();
  b.link.reconfigure(true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect([b.made.length, b.sent.length]).toEqual([1, 0]);
});
