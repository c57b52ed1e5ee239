import { expect, it, vi } from 'vitest';
import { RequestError } from '../../connection';
import { fakeRoom } from '../../connection/fakeRoom';
import type { TimerState } from '../../protocol';
import { createTimer, mayRun } from './timer';

const timer = (more: Partial<TimerState> = {}): TimerState => ({
  phase: 'focus',
  running: true,
  endsAt: 100_000,
  remainingMs: null,
  cycle: 1,
  settings: { focusMin: 25, breakMin: 5, longBreakMin: 15, cycles: 4 },
  startedBy: 'ann',
  ...more,
});
const idle = timer({ phase: 'idle', running: false, endsAt: null, cycle: 0 });
const settings = (more: object) => ({ roomId: 'r1', settings: more }) as never;

function setUp(drives = true) {
  const net = fakeRoom();
  const tell = vi.fn<(words: string) => void>();
  const quiet = vi.fn<(on: boolean) => void>();
  const its = createTimer(net.room, { tell, quiet });
  net.join({ timer: idle, room: settings({ timerDrivesRoom: drives, whoRunsTimer: 'mods' }) });
  const changed = (state: TimerState) => net.emit('timer:state', { roomId: 'r1', seq: 1, state });
  return { net, its, tell, quiet, changed };
}

it('quiets the room in focus and opens it in the break', () => {
  const { quiet, changed, tell } = setUp();
  changed(timer());
  changed(timer({ cycle: 1, endsAt: 1 }));
  changed(timer({ phase: 'break' }));
  expect(quiet.mock.calls).toEqual([[true], [false]]);
  expect(tell).toHaveBeenCalledTimes(2);
});

it('leaves the room alone where the settings say so, also when they change', () => {
  const { net, quiet, changed } = setUp(false);
  changed(timer());
  expect(quiet).not.toHaveBeenCalled();
  net.emit('room:updated', { seq: 2, room: settings({ timerDrivesRoom: true }) });
  net.emit('room:updated', { seq: 3, room: settings({ timerDrivesRoom: false }) });
  expect(quiet.mock.calls).toEqual([[true], [false]]);
});

it('asks the server, once at a time, and takes its answer', async () => {
  const { net, its } = setUp();
  its.start({ focusMin: 50 });
  its.start({ focusMin: 50 });
  expect(net.asked).toMatchObject([
    { event: 'timer:start', payload: { roomId: 'r1', focusMin: 50 } },
  ]);
  net.asked[0]!.answer({ state: timer() });
  await vi.waitFor(() => expect(its.store.getState()).toEqual({ state: timer(), busy: false }));
});

it('says why it may not', async () => {
  const { net, its, tell } = setUp();
  its.skip();
  net.asked[0]!.refuse(new RequestError('forbidden', '', false));
  await vi.waitFor(() => expect(tell).toHaveBeenCalledWith(expect.stringContaining('moderators')));
});

it('knows who may run it', () => {
  const { net } = setUp();
  const may = () => mayRun(net.room.info.getState());
  expect(may()).toBe(false);
  net.emit('room:updated', { seq: 2, room: settings({ whoRunsTimer: 'everyone' }) });
  expect(may()).toBe(true);
});
