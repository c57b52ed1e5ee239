import { expect, it } from 'vitest';
import { fakeRoom } from '../../connection/fakeRoom';
import type { Participant } from '../../protocol';
import { createPresence } from './presence';

const person = (userId: string, handRaised = false) =>
  ({ userId, socketId: `s-${userId}`, name: userId, handRaised }) as Participant;

it('tells who comes, goes and raises a hand, and that one is in', () => {
  const net = fakeRoom();
  const { store } = createPresence(net.room);
  const announcement = () => store.getState().announcement;
  net.join({ participants: [person('me'), person('ann')], you: { socketId: 's-me' } as never });
  expect(announcement()).toBe('You are in. 2 people are here.');
  const at = (user: Participant) => ({ roomId: 'r1', socketId: user.socketId, user });
  net.emit('user:joined', at(person('ben')));
  expect(announcement()).toBe('ben came in');
  net.emit('user:updated', at(person('ann', true)));
  expect(announcement()).toBe('ann raised a hand');
  // One knows of one's own.
  net.emit('user:updated', at(person('me', true)));
  expect(announcement()).toBe('ann raised a hand');
  net.emit('user:left', { roomId: 'r1', socketId: 's-ben', userId: 'ben', reason: 'left' });
  expect(announcement()).toBe('ben left');
});
