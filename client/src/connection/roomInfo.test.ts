import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Room, RoomState } from '../protocol';
import { monotonic } from './clock';
import { fakeRoom } from './fakeRoom';
import { followRoomInfo, isModerator } from './roomInfo';

const settings = { whoDraws: 'everyone' };
const room = (more: object = {}) => ({ roomId: 'r1', title: 'A', settings, ...more }) as Room;
const user = (role: string, userId = 'me') => ({ userId, role }) as never;

it('follows title and role', () => {
  const net = fakeRoom();
  const { info } = net.room;
  net.join({ room: room() });
  net.emit('room:updated', { seq: 2, room: room({ title: 'B' }) });
  net.emit('user:updated', { roomId: 'r1', socketId: 's', user: user('mod') });
  net.emit('user:updated', { roomId: 'r1', socketId: 's2', user: user('owner', 'ann') });
  expect(info.getState()).toMatchObject({ room: { title: 'B' }, you: { role: 'mod' } });
});

it('takes no other room for this one', () => {
  const net = fakeRoom();
  net.join({ room: room() });
  net.emit('room:updated', { seq: 2, room: room({ roomId: 'r2', title: 'X' }) });
  expect(net.room.info.getState().room?.title).toBe('A');
});

describe('the clock of the server', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
  afterEach(() => void vi.useRealTimers());
  const serverTime = 1_700_000_060_000;

  it('is known, and goes on whatever this machine’s is set to', () => {
    const net = fakeRoom();
    net.join({ room: room(), serverTime });
    const told = () => monotonic() + net.room.info.getState().clockOffsetMs;
    expect(told()).toBe(serverTime);
    vi.setSystemTime(Date.now() + 600_000);
    vi.advanceTimersByTime(1_000);
    expect(told()).toBe(serverTime + 1_000);
  });

  it('is asked for when this machine’s was set, or slept', async () => {
    const askTime = vi.fn(() => Promise.resolve(serverTime + 900_000));
    const on = () => () => undefined;
    let join: ((state: RoomState) => void) | undefined;
    const onJoined = (listener: (state: RoomState) => void) => ((join = listener), () => undefined);
    const { store, stop } = followRoomInfo({ on, onJoined, askTime });
    join?.({ serverTime } as RoomState);
    vi.setSystemTime(Date.now() + 900_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(askTime).toHaveBeenCalledTimes(1);
    expect(monotonic() + store.getState().clockOffsetMs).toBe(serverTime + 900_000);
    stop();
  });
});

it('counts owners among the moderators', () => {
  expect(
    ['guest', 'member', 'mod', 'owner', undefined].map((role) => isModerator(role as never)),
  ).toEqual([false, false, true, true, false]);
});
