import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeRoom } from '../../connection/fakeRoom';
import { createMembers } from './members';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('asks once for all who come at once, and not for those it knows', async () => {
  const net = fakeRoom();
  const ann = { userId: 'ann', name: 'Ann', role: 'owner' as const, joinedAt: 1 };
  const fetch = vi.fn(() => Promise.resolve({ members: [ann] }));
  const { store } = createMembers(net.room, fetch);
  const came = (userId: string) =>
    net.say('user:joined', { roomId: 'r1', socketId: userId, user: { userId } as never });
  net.join();
  came('ben');
  came('cem');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(store.getState().members).toEqual([ann]);
  came('ann');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fetch).toHaveBeenCalledTimes(1);
});
