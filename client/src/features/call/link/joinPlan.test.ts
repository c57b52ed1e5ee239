import { expect, test } from 'vitest';
import type { Participant, RoomState } from '../../../protocol';
import { isPolite, offerWait, planJoin } from './joinPlan';

const state = (me: string, ...others: string[]): Pick<RoomState, 'you' | 'participants'> => ({
  you: { socketId: me, userId: 'u', name: 'n', role: 'member' },
  participants: [me, ...others].map((socketId) => ({ socketId }) as Participant),
});
const links = (all: Record<string, boolean>) =>
  new Map(Object.entries(all).map(([id, works]) => [id, { works }]));

test('a newcomer awaits the offers of those who are there', () => {
  expect(planJoin(undefined, state('me', 'a', 'b'), links({}))).toEqual({
    drop: [],
    absent: [],
    expect: ['a', 'b'],
  });
});

test('with the same id, connections of those present go on', () => {
  const plan = planJoin('me', state('me', 'a', 'b', 'c'), links({ a: true, b: false }));
  expect(plan).toEqual({ drop: [], absent: [], expect: ['c'] });
});

test('those not there are dropped at once, unless the connection works', () => {
  const plan = planJoin('me', state('me'), links({ a: true, b: false }));
  expect(plan).toEqual({ drop: ['b'], absent: ['a'], expect: [] });
});

test('with a new id everything starts anew', () => {
  const plan = planJoin('old', state('new', 'a'), links({ a: true, b: true }));
  expect(plan).toEqual({ drop: ['a', 'b'], absent: [], expect: ['a'] });
});

test('of two who wait for each other, one offers first, and that one gives way', () => {
  expect(offerWait('a', 'b')).toBeLessThan(offerWait('b', 'a'));
  expect(isPolite('a', 'b')).not.toBe(isPolite('b', 'a'));
});
