import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { RequestError } from '../../connection';
import { fakeRoom } from '../../connection/fakeRoom';
import type { MediaKind, Participant } from '../../protocol';
import { createCall } from './call';
import type { LocalMedia, LocalMediaState } from './media/localMedia';
import type { CallTransport, Remote } from './link/transport';

const track = {} as MediaStreamTrack;
const person = (userId: string, muted: MediaKind[] = []): Participant => ({
  socketId: `s-${userId}`,
  userId,
  name: userId === 'ann' ? 'Ann' : userId,
  role: userId === 'ann' ? 'mod' : 'member',
  joinedAt: 0,
  media: { audio: true, video: true, screen: false },
  handRaised: false,
  muted,
});

function fakeMedia() {
  const source = { on: true, track };
  const state = createStore(
    () =>
      ({
        mic: source,
        camera: source,
        screen: null,
        preferences: { relayOnly: false },
      }) as unknown as LocalMediaState,
  );
  const set = (what: 'mic' | 'camera') => (on: boolean) =>
    state.setState({ [what]: { ...state.getState()[what], on } });
  const rest = { stopSharing: vi.fn(), level: () => 0, unheardLevel: () => undefined };
  const media = { state, setMic: set('mic'), setCamera: set('camera'), ...rest };
  return { media: media as unknown as LocalMedia, mic: () => state.getState().mic.on };
}

function setUp(selfUnmute: boolean, muted: MediaKind[] = []) {
  const net = fakeRoom();
  const remote: Remote = {
    phase: 'connected',
    quality: 'good',
    tracks: { audio: track, camera: track, screen: null },
  };
  const transport = {
    join: vi.fn(),
    publish: vi.fn(),
    leave: vi.fn(),
    setRejected: vi.fn(),
    relayOnly: vi.fn(),
    setShownHeight: vi.fn(),
    level: () => 0,
    subscribe: (listener: (remotes: ReadonlyMap<string, Remote>) => void) => {
      listener(new Map([['s-ben', remote]]));
      return () => undefined;
    },
  } as unknown as CallTransport;
  const { media, mic } = fakeMedia();
  const tell = vi.fn<(words: string) => void>();
  const call = createCall(net.room, media, { transport, tell });
  net.join({
    room: { roomId: 'r1', settings: { selfUnmute } } as never,
    participants: [person('me', muted), person('ann'), person('ben')],
  });
  const mute = (userId: string, kind: MediaKind) =>
    net.emit('control:muted', {
      roomId: 'r1',
      seq: 1,
      targetSocketId: `s-${userId}`,
      userId,
      by: 'ann',
      kind,
    });
  return { net, call, media, mic, mute, tell };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('stops sending when muted, and says by whom', () => {
  const { mic, mute, tell, call } = setUp(true);
  mute('me', 'audio');
  expect(mic()).toBe(false);
  expect(tell).toHaveBeenCalledWith('Ann turned your microphone off.');
  expect(call.state.getState().locked).toEqual([]);
});

it('does not give back what may not be unmuted', () => {
  const { mute, call } = setUp(false);
  mute('me', 'audio');
  expect(call.state.getState().locked).toEqual(['audio']);
  // Not by the end of a focus phase either.
  call.suspendMic(true);
  call.suspendMic(false);
  expect(call.media.state.getState().mic.on).toBe(false);
});

it('obeys a mute from before it came in', () => {
  expect(setUp(false, ['audio']).mic()).toBe(false);
});

it('drops what others may not send', () => {
  const { mute, call } = setUp(true);
  const tracks = () =>
    call.state.getState().others.find((it) => it.participant.userId === 'ben')?.remote.tracks;
  expect(tracks()?.audio).toBe(track);
  mute('ben', 'audio');
  expect(tracks()).toMatchObject({ audio: null, camera: track });
});

it('believes the server when it says no', async () => {
  const { net, mic, tell } = setUp(true, ['audio']);
  net.asked
    .find((it) => it.event === 'media:state')!
    .refuse(new RequestError('forbidden', '', false));
  await vi.advanceTimersByTimeAsync(0);
  expect(mic()).toBe(false);
  expect(tell).toHaveBeenCalledOnce();
});

it('gives the microphone back as it was', () => {
  const { call, mic, media } = setUp(true);
  call.suspendMic(true);
  expect(mic()).toBe(false);
  call.suspendMic(false);
  expect(mic()).toBe(true);
  media.setMic(false);
  call.suspendMic(true);
  call.suspendMic(false);
  expect(mic()).toBe(false);
});

it('lets emojis float for three seconds', () => {
  const { net, call } = setUp(true);
  const floating = () =>
    call.state
      .getState()
      .reactions.get('s-ben')
      ?.map((it) => it.emoji);
  const send = (emoji: string) =>
    net.emit('reaction:sent', { roomId: 'r1', socketId: 's-ben', userId: 'ben', emoji });
  send('🎉');
  vi.advanceTimersByTime(1_000);
  send('👏');
  expect(floating()).toEqual(['🎉', '👏']);
  vi.advanceTimersByTime(2_000);
  expect(floating()).toEqual(['👏']);
  vi.advanceTimersByTime(1_000);
  expect(floating()).toBeUndefined();
});
