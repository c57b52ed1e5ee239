import { createStore, type StoreApi } from 'zustand/vanilla';
import { errorMessage, RequestError, type RoomConnection } from '../../connection';
import type { Media, MediaKind, Participant, SocketId } from '../../protocol';
import { followMutedSpeech } from './media/mutedSpeech';
import { followReactions, type Reactions } from './tiles/reactions';
import type { LocalMedia, LocalMediaState } from './media/localMedia';
import { createMesh } from './link/mesh';
import {
  lockedByModerator,
  withoutMutedTracks,
  mutedMessage,
  slotsOf,
  withMuted,
} from './media/muting';
import { screenProblemMessage } from './media/deviceProblems';
import { MESH_WITH_VIDEO } from './stats/quality';
import { followSpeaking } from './media/speaking';
import { nextSpeaker } from './tiles/focus';
import { createUnsupportedTransport } from './link/unsupportedTransport';
import { NO_TRACKS, type CallTransport, type Picture, type Remote } from './link/transport';
import { canCall } from './link/browserSupport';
import { createVolumes, type VolumeStore } from './media/volumes';

/** Own levels are on another scale than those of the others. */
const OWN_SPEECH = 0.42;

export interface RemoteParticipant {
  readonly participant: Participant;
  readonly remote: Remote;
}

export interface CallState {
  readonly self: Participant | undefined;
  /** In order of coming. */
  readonly others: readonly RemoteParticipant[];
  readonly speaking: ReadonlySet<SocketId>;
  /** The last of the others to speak. */
  readonly speaker: SocketId | undefined;
  /** Oneself speaks into a muted microphone. */
  readonly speakingWhileMuted: boolean;
  /** The room has too many people for video in a mesh. */
  readonly soundOnly: boolean;
  /** The browser plays no sound until the person interacts with the page. */
  readonly autoplayBlocked: boolean;
  /** What a moderator muted, and oneself may not unmute. */
  readonly locked: readonly MediaKind[];
  readonly reactions: Reactions;
}

/** Audio, video and screen sharing in a room. */
export interface Call {
  readonly state: StoreApi<CallState>;
  readonly media: LocalMedia;
  /** The playback volume of each of the others. */
  readonly volumes: VolumeStore;
  /** How high, in pixels, a picture is shown; 0 when no longer. */
  setShownHeight(socketId: SocketId, picture: Picture, height: number): void;
  /** Reported by the component that plays the sound. */
  setAutoplayBlocked(is: boolean): void;
  raiseHand(raised: boolean): void;
  /** Shows an emoji on one's tile for a moment. */
  react(emoji: string): void;
  /** Mutes the microphone while `on`, then restores it. The preference for next time stays. */
  suspendMic(on: boolean): void;
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
    given ?? (canCall() ? createMesh(room, { tell: say }) : createUnsupportedTransport(room, say));
  const state = createStore<CallState>(() => ({
    self: undefined,
    others: [],
    speaking: new Set<SocketId>(),
    speaker: undefined,
    speakingWhileMuted: false,
    soundOnly: false,
    autoplayBlocked: false,
    locked: [],
    reactions: new Map(),
  }));
  const people = new Map<SocketId, Participant>();
  /** Not in the room as the server sees it at the moment, yet still heard and seen. */
  const absent = new Map<SocketId, Participant>();
  let remotes: ReadonlyMap<SocketId, Remote> = new Map();
  let me: SocketId | undefined;
  let told = '';
  /** Whether this person is in the room on another device or tab too. */
  let wasTwice = false;
  /** Whether the microphone was on when it was suspended. */
  let rested: boolean | undefined;

  function show() {
    const here = new Set([...people.values()].map(({ userId }) => userId));
    for (const [id, { userId }] of absent) {
      // Who comes back from a reload has another id.
      if (remotes.get(id)?.phase !== 'connected' || here.has(userId)) absent.delete(id);
    }
    for (const [id, { muted }] of people) if (id !== me) transport.setRejected(id, slotsOf(muted));
    const all = [...people.values(), ...absent.values()];
    const heard = all.filter(({ socketId }) => socketId !== me);
    const soundOnly = heard.length >= MESH_WITH_VIDEO;
    const self = me === undefined ? undefined : people.get(me);
    const others = heard.map((participant): RemoteParticipant => {
      const remote = remotes.get(participant.socketId) ?? UNCONNECTED;
      const oneself = participant.userId === self?.userId;
      return {
        // A camera that no one carries is as good as off, and the last picture of it no picture.
        participant: soundOnly ? withoutCamera(participant) : participant,
        remote: withoutSound(withoutMutedTracks(remote, participant.muted), oneself),
      };
    });
    const twice = others.some(({ participant }) => participant.userId === self?.userId);
    if (twice && !wasTwice)
      say('You are in this room already, in another tab or on another device.');
    wasTwice = twice;
    const locked = lockedByModerator(self, room.info.getState());
    state.setState({ self, others, soundOnly, locked });
    locked.forEach(stop);
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

  function publish({ mic, camera, screen, preferences }: LocalMediaState) {
    transport.relayOnly(preferences.relayOnly);
    transport.publish('audio', mic.track);
    transport.publish('camera', camera.track);
    transport.publish('screen', screen);
    tell();
  }

  /** Sends `media:state`: a receiver of nothing cannot tell "off" from "lost". */
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
        if (by !== userId) say(mutedMessage(kind, nameOf(by)));
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
      if (is && is !== was) say(screenProblemMessage(is.problem));
    }),
    followSpeaking(levels, (speaking) =>
      state.setState(({ speaker }) => ({ speaking, speaker: nextSpeaker(speaker, speaking, me) })),
    ),
    followMutedSpeech(
      () => media.unheardLevel(),
      (speakingWhileMuted) => state.setState({ speakingWhileMuted }),
    ),
  ];
  publish(media.state.getState());

  return {
    state,
    media,
    volumes: createVolumes(),
    setShownHeight: (socketId, picture, height) =>
      transport.setShownHeight(socketId, picture, height),
    setAutoplayBlocked(is) {
      if (state.getState().autoplayBlocked !== is) state.setState({ autoplayBlocked: is });
    },
    raiseHand: (raised) => ask(room.request('hand:raise', { roomId: room.roomId, raised })),
    react: (emoji) => ask(room.request('reaction:send', { roomId: room.roomId, emoji })),
    suspendMic(on) {
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
