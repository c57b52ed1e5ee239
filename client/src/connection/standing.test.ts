import { expect, it } from 'vitest';
import type { Room } from '../protocol';
import { fakeRoom } from './fakeRoom';
import { isMod } from './standing';

const settings = { whoDraws: 'everyone' };
const room = (more: object = {}) => ({ roomId: 'r1', title: 'A', settings, ...more }) as Room;
const user = (role: string, userId = 'me') => ({ userId, role }) as never;

it('follows title and role', () => {
  const net = fakeRoom();
  const { standing } = net.room;
  net.join({ room: room() });
  net.say('room:updated', { seq: 2, room: room({ title: 'B' }) });
  net.say('user:updated', { roomId: 'r1', socketId: 's', user: user('mod') });
  net.say('user:updated', { roomId: 'r1', socketId: 's2', user: user('owner', 'ann') });
  expect(standing.getState()).toMatchObject({ room: { title: 'B' }, you: { role: 'mod' } });
});

it('takes no other room for this one', () => {
  const net = fakeRoom();
  net.join({ room: room() });
  net.say('room:updated', { seq: 2, room: room({ roomId: 'r2', title: 'X' }) });
  expect(net.room.standing.getState().room?.title).toBe('A');
});

it('knows how far its own clock is behind', () => {
  const net = fakeRoom();
  net.join({ room: room(), serverTime: Date.now() + 60_000 });
  expect(net.room.standing.getState().clockAhead).toBeGreaterThan(59_000);
});

it('counts owners among the moderators', () => {
  expect(
    ['guest', 'member', 'mod', 'owner', undefined].map((role) => isMod(role as never)),
  ).toEqual([false, false, true, true, false]);
});
