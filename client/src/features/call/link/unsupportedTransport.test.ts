import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeRoom } from '../../../connection/fakeRoom';
import type { Participant, SocketId } from '../../../protocol';
import { createMesh } from './mesh';
import { createUnsupportedTransport } from './unsupportedTransport';
import { UNABLE } from './sdp';
import type { CallTransport, Remote } from './transport';
import { CANNOT_CALL } from './browserSupport';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const here = (...ids: SocketId[]) => ({
  participants: ['s-me', ...ids].map((socketId) => ({ socketId }) as Participant),
});

function remotesOf(transport: CallTransport) {
  let now: ReadonlyMap<SocketId, Remote> = new Map();
  transport.subscribe((remotes) => (now = remotes));
  return () => now;
}

it('tells oneself once, and whoever is there, comes or calls every time, that there are no calls', () => {
  const net = fakeRoom();
  const tell = vi.fn();
  const transport = createUnsupportedTransport(net.room, tell);
  const remotes = remotesOf(transport);
  transport.join();
  net.join(here('s-ann'));
  net.join(here('s-ann'));
  expect(tell.mock.calls).toEqual([[CANNOT_CALL]]);
  net.emit('user:joined', { socketId: 's-bob' } as never);
  net.emit('signal:offer', { fromSocketId: 's-bob', sdp: { type: 'offer', sdp: '' } } as never);
  expect(net.asked.map(({ event, payload }) => [event, payload])).toEqual(
    ['s-ann', 's-ann', 's-bob', 's-bob'].map((toSocketId) => [
      'signal:answer',
      { toSocketId, sdp: UNABLE },
    ]),
  );
  expect(
    [...remotes()].map(([id, { phase, failureReason }]) => [id, phase, failureReason]),
  ).toEqual([
    ['s-ann', 'impossible', 'unableHere'],
    ['s-bob', 'impossible', 'unableHere'],
  ]);
  net.emit('user:left', { socketId: 's-ann' } as never);
  expect([...remotes().keys()]).toEqual(['s-bob']);
});

it('ends all tries of the other side, also after it came back', async () => {
  const net = fakeRoom();
  const transport = createMesh(net.room);
  const remotes = remotesOf(transport);
  transport.join();
  const state = { ...here('s-bob'), iceServers: [] };
  net.join(state);
  net.emit('signal:answer', { fromSocketId: 's-bob', sdp: UNABLE } as never);
  expect(remotes().get('s-bob')).toMatchObject({
    phase: 'impossible',
    failureReason: 'unableThere',
  });
  net.join(state);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(net.asked.filter(({ event }) => event.startsWith('signal:'))).toEqual([]);
  expect(remotes().get('s-bob')?.phase).toBe('impossible');
  transport.leave();
});
