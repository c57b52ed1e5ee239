import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { agree, connected, removeStandIns, settle, side, standIns, talk } from './fakeSides';

beforeEach(standIns);
afterEach(removeStandIns);

test('one side offers, the other answers', async () => {
  const { a, b } = await connected();
  expect(agree(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
  expect(a.link.phase).toBe('connected');
});

test('when both make their first offer at once, the polite side takes the other one on a new connection', async () => {
  const [a, b] = [side(true), side(false)];
  a.link.offer();
  b.link.offer();
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([2, 1]);
});

test('when the offer that stands was lost, it is sent again', async () => {
  const [a, b] = [side(true), side(false)];
  b.link.offer();
  await settle();
  b.sent.length = 0;
  a.link.offer();
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
});

test('an answer to an earlier offer is ignored', async () => {
  const [a, b] = [side(true), side(false)];
  a.link.offer();
  await settle();
  for (const offer of a.sent.splice(0)) b.link.take(offer);
  await settle();
  const [late] = b.sent.splice(0);
  a.link.offer();
  await settle();
  a.link.take(late!);
  await settle();
  expect(a.made[1]?.signalingState).toBe('have-local-offer');
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
});

test('who has lost the connection that the other restarts makes a new one', async () => {
  const { a } = await connected();
  const forgetful = side(false);
  a.made[0]!.become('failed');
  await talk(a, forgetful);
  expect(agree(a, forgetful)).toBe(true);
  expect(a.made).toHaveLength(2);
});

test('the same offer twice is answered twice alike', async () => {
  const { a, b } = await connected();
  a.link.reconfigure(true);
  await vi.advanceTimersByTimeAsync(1);
  const [offer] = a.sent.splice(0);
  b.link.take(offer!);
  await settle();
  const version = b.made[0]?.version;
  b.link.take(offer!);
  await settle();
  expect(b.sent[1]).toEqual(b.sent[0]);
  expect(b.made[0]?.version).toBe(version);
});

test('candidates wait for the description they belong to, and old ones are left out', async () => {
  const [a, b] = [side(true), side(false)];
  a.link.offer();
  await settle();
  const { session } = a.made[0]!;
  a.link.takeCandidate({ candidate: 'early', usernameFragment: 'old' });
  for (const offer of a.sent.splice(0)) b.link.take(offer);
  b.link.takeCandidate({ candidate: 'good', usernameFragment: session });
  b.link.takeCandidate({ candidate: 'stale', usernameFragment: 'old' });
  await talk(a, b);
  expect(b.made[0]?.candidates.map((one) => one.candidate)).toEqual(['good']);
  expect(a.made[0]?.candidates).toEqual([]);
});

test('what is refused is agreed on the same connection, once', async () => {
  const { a, b } = await connected();
  b.link.refuse(['audio']);
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
  expect(b.made[0]?.wires.map((it) => it.direction)).toEqual(['sendonly', 'sendrecv', 'sendrecv']);
  expect(a.made[0]?.wires[0]?.direction).toBe('sendrecv');
  b.link.refuse(['audio']);
  await settle();
  expect(b.sent).toHaveLength(0);
  b.link.refuse([]);
  await talk(a, b);
  expect(b.made[0]?.wires[0]?.direction).toBe('sendrecv');
});

test('when both refuse at once, one description serves both', async () => {
  const { a, b } = await connected();
  a.link.refuse(['audio']);
  b.link.refuse(['camera']);
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
  expect(a.made[0]?.wires[0]?.direction).toBe('sendonly');
  expect(b.made[0]?.wires[1]?.direction).toBe('sendonly');
});

test('what is refused before there is a connection is refused from its first description on', async () => {
  const [a, b] = [side(true), side(false)];
  b.link.refuse(['screen']);
  a.link.offer();
  await talk(a, b);
  expect(b.made[0]?.wires.map((it) => it.direction)).toEqual(['sendrecv', 'sendrecv', 'sendonly']);
});

test('other servers are used from then on, and a connection that works goes on', async () => {
  const { a } = await connected();
  a.link.reconfigure(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(a.made[0]?.restarted).toBe(0);
  a.link.reconfigure(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(a.made[0]?.restarted).toBe(1);
});

test('nothing is tried with who cannot make calls', async () => {
  const b = side(false);
  b.link.offer();
  await settle();
  expect(b.sent.splice(0)).toHaveLength(1);
  b.link.giveUp();
  expect([b.link.phase, b.link.trouble]).toEqual(['impossible', 'unableThere']);
  expect(b.made[0]?.connectionState).toBe('closed');
  b.link.offer();
  b.link.await(1_000);
  b.link.rejoined();
  b.link.reconfigure(true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect([b.made.length, b.sent.length]).toEqual([1, 0]);
});
