import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeRoom } from '../../connection/fakeRoom';
import { createMembers } from './members';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('asks once for all who come at once, and not for those it knows', async () => {
  const net = fakeRoom();
  const ann = { userId: 'ann', name: 'Ann', role: 'owner' as const, joinedAt: 1 };
  const fetch = vi.fn(() => Promise.resolve({ members: [ann], next: null }));
  const { store } = createMembers(net.room, fetch);
  const came = (userId: string) =>
    net.emit('user:joined', { roomId: 'r1', socketId: userId, user: { userId } as never });
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

it('reads so many pages of a large room, and does not ask again for who is beyond them', async () => {
  const net = fakeRoom();
  const fetch = vi.fn((_: string, after?: string) => {
    const page = Number(after ?? 0);
    const member = { userId: `user-${page}`, name: 'Ann', role: 'member' as const, joinedAt: page };
    return Promise.resolve({ members: [member], next: String(page + 1) });
  });
  const { store } = createMembers(net.room, fetch);
  net.join();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(store.getState().members.map(({ userId }) => userId)).toEqual([
    'user-0',
    'user-1',
    'user-2',
    'user-3',
  ]);
  const user = { userId: 'user-9' } as never;
  net.emit('user:joined', { roomId: 'r1', socketId: 'user-9', user });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fetch).toHaveBeenCalledTimes(4);
});
