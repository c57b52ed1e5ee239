import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { fakeRoom } from '../../connection/fakeRoom';
import type { Participant } from '../../protocol';
import { createCall } from './call';
import type { LocalMedia } from './media/localMedia';
import type { CallTransport, Remote } from './link/transport';

const track = {} as MediaStreamTrack;
const person = (userId: string, socketId = `s-${userId}`) =>
  ({
    ...{
      socketId,
      userId,
      name: userId,
      role: 'member',
      joinedAt: 0,
      handRaised: false,
      muted: [],
    },
    media: { audio: true, video: true, screen: false },
  }) as Participant;

/** In a room with these people, all of whom come through. */
function setUp(others: Participant[]) {
  const net = fakeRoom();
  const remote: Remote = {
    phase: 'connected',
    quality: 'good',
    tracks: { audio: track, camera: track, screen: null },
  };
  const nothing = vi.fn();
  const transport = {
    ...{
      join: nothing,
      publish: nothing,
      leave: nothing,
      setRejected: nothing,
      relayOnly: nothing,
    },
    ...{ setShownHeight: nothing, level: () => 0 },
    subscribe(listener: (remotes: ReadonlyMap<string, Remote>) => void) {
      listener(new Map(others.map(({ socketId }) => [socketId, remote])));
      return () => undefined;
    },
  } as unknown as CallTransport;
  const source = { on: false, track: null };
  const media = {
    state: createStore(() => ({ mic: source, camera: source, screen: null, preferences: {} })),
    ...{ level: () => 0, unheardLevel: () => undefined },
  } as unknown as LocalMedia;
  const tell = vi.fn<(words: string) => void>();
  const call = createCall(net.room, media, { transport, tell });
  net.join({ participants: [person('me'), ...others] });
  return { call, media, tell, others: () => call.state.getState().others };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('shows no camera as on that no one carries, nor its last picture', () => {
  const few = setUp(Array.from({ length: 7 }, (_, at) => person(`p${at}`)));
  expect(few.others().every(({ participant }) => participant.media.video)).toBe(true);
  const many = setUp(Array.from({ length: 8 }, (_, at) => person(`p${at}`)));
  expect(many.call.state.getState().soundOnly).toBe(true);
  expect(many.others().some(({ participant }) => participant.media.video)).toBe(false);
  expect(many.others().every(({ remote }) => remote.tracks.audio === track)).toBe(true);
});

it('plays nothing of one’s own other tab, and says once that there is one', () => {
  const { others, tell, call } = setUp([person('me', 's-other'), person('ann')]);
  const sounds = others().map(({ participant, remote }) => [
    participant.userId,
    remote.tracks.audio,
  ]);
  expect(sounds).toEqual([
    ['me', null],
    ['ann', track],
  ]);
  const told = tell.mock.calls.map(([words]) => words);
  expect(told).toEqual(['You are in this room already, in another tab or on another device.']);
  call.leave();
});

it('says why the screen is not shared', () => {
  const { media, tell } = setUp([]);
  const problem = { screenProblem: { problem: 'blockedBySystem' as const } };
  media.state.setState(problem);
  media.state.setState({ ...problem });
  expect(tell).toHaveBeenCalledTimes(1);
  expect(tell.mock.lastCall?.[0]).toContain('screen recording');
});
