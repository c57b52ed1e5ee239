import { createStore, type StoreApi } from 'zustand/vanilla';
import { errorMessage, RequestError, type RoomConnection } from '../../connection';
import type { Media, MediaKind, Participant, SocketId } from '../../protocol';
import { followMutedSpeech } from './mutedSpeech';
import { followReactions, type Reactions } from './reactions';
import type { LocalMedia, LocalMediaState } from './localMedia';
import { createMesh } from './mesh';
import { barredFor, masked, mutedInWords, slotsOf, withMuted } from './muting';
import { screenProblemInWords } from './problems';
import { MESH_WITH_VIDEO } from './quality';
import { followSpeaking } from './speaking';
import { nextSpeaker } from './stage';
import { createNoCalls } from './noCalls';
import { NO_TRACKS, type CallTransport, type Picture, type Remote } from './transport';
import { canCall } from './webrtc';
import { createVolumes, type VolumeStore } from './volumes';

/** Own levels are told on another scale than those of the others. */
const OWN_SPEECH = 0.42;

export interface Person {
  readonly participant: Participant;
  readonly remote: Remote;
}

export interface CallState {
  readonly self: Participant | undefined;
  /** In order of coming. */
  readonly others: readonly Person[];
  readonly speaking: ReadonlySet<SocketId>;
  /** Who of the others spoke last. */
  readonly speaker: SocketId | undefined;
  /** One speaks, and nobody can hear it. */
  readonly speaksMuted: boolean;
  /** The room has more people than cameras can be carried between. */
  readonly soundOnly: boolean;
  /** The browser holds the sound back until someone touches the page. */
  readonly mutedByBrowser: boolean;
  /** What a moderator muted, and oneself may not turn on again. */
  readonly barred: readonly MediaKind[];
  readonly reactions: Reactions;
}

/** Being in the room with sound and picture. */
export interface Call {
  readonly state: StoreApi<CallState>;
  readonly media: LocalMedia;
  /** How loud one hears each of the others. */
  readonly volumes: VolumeStore;
  /** Told by whoever shows a picture, how high; 0 when no longer. */
  show(socketId: SocketId, picture: Picture, height: number): void;
  /** Told by whoever plays the sound. */
  soundHeldBack(is: boolean): void;
  raiseHand(raised: boolean): void;
  /** Shows an emoji on one's tile for a moment. */
  react(emoji: string): void;
  /** Rests the microphone, and then gives it back as it was. What one chose for next time stays. */
  rest(on: boolean): void;
  /** Stops sending and receiving; final. The devices stay with their owner. */
  leave(): void;
}

interface Parts {
  transport?: CallTransport;
  /** Says something to the person. */
  tell?: (words: string) => void;
}

const UNCONNECTED: Remote = { phase: 'connecting', tracks: NO_TRACKS, quality: 'good' };

/** Make it before the room is entered, so that it hears the first offers. */
export function createCall(
  room: RoomConnection,
  media: LocalMedia,
  { transport: given, tell: say = () => undefined }: Parts = {},
): Call {
  const transport =
    given ?? (canCall() ? createMesh(room, { tell: say }) : createNoCalls(room, say));
  const state = createStore<CallState>(() => ({
    self: undefined,
    others: [],
    speaking: new Set<SocketId>(),
    speaker: undefined,
    speaksMuted: false,
    soundOnly: false,
    mutedByBrowser: false,
    barred: [],
    reactions: new Map(),
  }));
  const people = new Map<SocketId, Participant>();
  /** Not in the room as the server sees it at the moment, yet still heard and seen. */
  const absent = new Map<SocketId, Participant>();
  let remotes: ReadonlyMap<SocketId, Remote> = new Map();
  let me: SocketId | undefined;
  let told = '';
  /** Whether oneself is here a second time. */
  let wasTwice = false;
  /** Whether the microphone was on when it was told to rest. */
  let rested: boolean | undefined;

  function show() {
    const here = new Set([...people.values()].map(({ userId }) => userId));
    for (const [id, { userId }] of absent) {
      // Who comes back from a reload has another id.
      if (remotes.get(id)?.phase !== 'connected' || here.has(userId)) absent.delete(id);
    }
    for (const [id, { muted }] of people) if (id !== me) transport.refuse(id, slotsOf(muted));
    const all = [...people.values(), ...absent.values()];
    const heard = all.filter(({ socketId }) => socketId !== me);
    const soundOnly = heard.length >= MESH_WITH_VIDEO;
    const self = me === undefined ? undefined : people.get(me);
    const others = heard.map((participant): Person => {
      const remote = remotes.get(participant.socketId) ?? UNCONNECTED;
      const oneself = participant.userId === self?.userId;
      return {
        // A camera that no one carries is as good as off, and the last picture of it no picture.
        participant: soundOnly ? withoutCamera(participant) : participant,
        remote: withoutSound(masked(remote, participant.muted), oneself),
      };
    });
    const twice = others.some(({ participant }) => participant.userId === self?.userId);
    if (twice && !wasTwice)
      say('You are in this room already, in another tab or on another device.');
    wasTwice = twice;
    const barred = barredFor(self, room.info.getState());
    state.setState({ self, others, soundOnly, barred });
    barred.forEach(stop);
  }

  function stop(kind: MediaKind) {
    const { mic, camera, screen } = media.state.getState();
    if (kind === 'audio') {
      rested = undefined;
      if (mic.on) media.setMic(false, false);
    } else if (kind === 'video') {
      if (camera.on) media.setCamera(false, false);
    } else if (screen) media.stopSharing();
  }

  function publish({ mic, camera, screen, choices }: LocalMediaState) {
    transport.relayOnly(choices.relayOnly);
    transport.publish('audio', mic.track);
    transport.publish('camera', camera.track);
    transport.publish('screen', screen);
    tell();
  }

  /** Whoever receives nothing cannot tell "off" from "lost": we say which. */
  function tell() {
    const now = mediaOf(media.state.getState());
    const text = JSON.stringify(now);
    if (text === told || room.status.getState().status !== 'online') return;
    told = text;
    room.request('media:state', { roomId: room.roomId, ...now }).catch((error: unknown) => {
      // Told again with the next change or join.
      if (told === text) told = '';
      if (!(error instanceof RequestError) || error.code !== 'forbidden') return;
      const self = me === undefined ? undefined : people.get(me);
      self?.muted.forEach(stop);
      say('A moderator has turned that off for you.');
    });
  }

  const nameOf = (userId: string) =>
    [...people.values()].find((one) => one.userId === userId)?.name;

  function ask(work: Promise<unknown>) {
    work.catch((error: unknown) => say(errorMessage(error)));
  }

  function* levels(): Iterable<readonly [SocketId, number]> {
    if (me !== undefined) yield [me, media.level() > OWN_SPEECH ? 1 : 0];
    for (const [id, { media: sent }] of people) {
      if (id !== me && sent.audio) yield [id, transport.level(id)];
    }
  }

  // The transport first: it must know of a join before the tiles do.
  transport.join();
  const stops = [
    transport.subscribe((now) => {
      remotes = now;
      show();
    }),
    room.onJoined(({ you, participants }) => {
      me = you.socketId;
      const here = new Map(participants.map((one) => [one.socketId, one]));
      for (const [id, one] of people) {
        if (here.has(id)) continue;
        people.delete(id);
        // After a restart of the server people come back one by one; their sound never stopped.
        absent.set(id, one);
      }
      for (const [id, one] of here) people.set(id, one);
      told = '';
      show();
      tell();
    }),
    room.on('user:joined', ({ socketId, user }) => {
      people.set(socketId, user);
      show();
    }),
    room.on('user:updated', ({ socketId, user }) => {
      people.set(socketId, user);
      show();
    }),
    room.on('control:muted', ({ userId, by, kind }) => {
      // Without waiting for the news of each socket.
      for (const [id, one] of people) people.set(id, withMuted(one, userId, kind));
      const self = me === undefined ? undefined : people.get(me);
      if (self?.userId === userId) {
        stop(kind);
        if (by !== userId) say(mutedInWords(kind, nameOf(by)));
      }
      show();
    }),
    room.info.subscribe(show),
    followReactions(room, (reactions) => state.setState({ reactions })),
    room.on('user:left', ({ socketId }) => {
      people.delete(socketId);
      absent.delete(socketId);
      show();
    }),
    media.state.subscribe(publish),
    media.state.subscribe(({ screenProblem: is }, { screenProblem: was }) => {
      if (is && is !== was) say(screenProblemInWords(is.problem));
    }),
    followSpeaking(levels, (speaking) =>
      state.setState(({ speaker }) => ({ speaking, speaker: nextSpeaker(speaker, speaking, me) })),
    ),
    followMutedSpeech(
      () => media.unheardLevel(),
      (speaksMuted) => state.setState({ speaksMuted }),
    ),
  ];
  publish(media.state.getState());

  return {
    state,
    media,
    volumes: createVolumes(),
    show: (socketId, picture, height) => transport.show(socketId, picture, height),
    soundHeldBack(is) {
      if (state.getState().mutedByBrowser !== is) state.setState({ mutedByBrowser: is });
    },
    raiseHand: (raised) => ask(room.request('hand:raise', { roomId: room.roomId, raised })),
    react: (emoji) => ask(room.request('reaction:send', { roomId: room.roomId, emoji })),
    rest(on) {
      const { mic } = media.state.getState();
      if (on && rested === undefined) {
        rested = mic.on;
        if (mic.on) media.setMic(false, false);
      } else if (!on) {
        if (rested === true && !mic.on) media.setMic(true, false);
        rested = undefined;
      }
    },
    leave() {
      stops.forEach((stop) => stop());
      transport.leave();
    },
  };
}

const withoutCamera = (participant: Participant): Participant => ({
  ...participant,
  media: { ...participant.media, video: false },
});

/** One’s own voice from one’s own other tab would only echo. */
const withoutSound = (remote: Remote, oneself: boolean): Remote =>
  oneself ? { ...remote, tracks: { ...remote.tracks, audio: null } } : remote;

function mediaOf({ mic, camera, screen }: LocalMediaState): Media {
  return {
    audio: mic.on && (mic.track !== null || mic.changing),
    video: camera.on && (camera.track !== null || camera.changing),
    screen: screen !== null,
  };
}
