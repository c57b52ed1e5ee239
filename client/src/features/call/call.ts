import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RoomConnection } from '../../connection';
import type { Media, Participant, SocketId } from '../../protocol';
import type { LocalMedia, LocalMediaState } from './localMedia';
import { createMesh } from './mesh';
import { MESH_WITH_VIDEO } from './quality';
import { followSpeaking } from './speaking';
import { NO_TRACKS, type CallTransport, type Remote } from './transport';

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
  /** The room has more people than cameras can be carried between. */
  readonly soundOnly: boolean;
  /** The browser holds the sound back until someone touches the page. */
  readonly mutedByBrowser: boolean;
}

/** Being in the room with sound and picture. */
export interface Call {
  readonly state: StoreApi<CallState>;
  readonly media: LocalMedia;
  /** Told by whoever plays the sound. */
  soundHeldBack(is: boolean): void;
  /** Stops sending and receiving; final. The devices stay with their owner. */
  leave(): void;
}

const UNCONNECTED: Remote = { phase: 'connecting', tracks: NO_TRACKS, quality: 'good' };

/** Make it before the room is entered, so that it hears the first offers. */
export function createCall(
  room: RoomConnection,
  media: LocalMedia,
  transport: CallTransport = createMesh(room),
): Call {
  const state = createStore<CallState>(() => ({
    self: undefined,
    others: [],
    speaking: new Set<SocketId>(),
    soundOnly: false,
    mutedByBrowser: false,
  }));
  const people = new Map<SocketId, Participant>();
  /** Not in the room as the server sees it at the moment, yet still heard and seen. */
  const absent = new Map<SocketId, Participant>();
  let remotes: ReadonlyMap<SocketId, Remote> = new Map();
  let me: SocketId | undefined;
  let told = '';

  function show() {
    const here = new Set([...people.values()].map(({ userId }) => userId));
    for (const [id, { userId }] of absent) {
      // Who comes back from a reload has another id.
      if (remotes.get(id)?.phase !== 'connected' || here.has(userId)) absent.delete(id);
    }
    const others = [...people.values(), ...absent.values()]
      .filter(({ socketId }) => socketId !== me)
      .map((participant) => ({
        participant,
        remote: remotes.get(participant.socketId) ?? UNCONNECTED,
      }));
    const soundOnly = others.length >= MESH_WITH_VIDEO;
    state.setState({ self: me === undefined ? undefined : people.get(me), others, soundOnly });
  }

  function publish({ mic, camera, screen }: LocalMediaState) {
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
    room.request('media:state', { roomId: room.roomId, ...now }).catch(() => {
      // Told again with the next change or join.
      if (told === text) told = '';
    });
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
    room.on('user:left', ({ socketId }) => {
      people.delete(socketId);
      absent.delete(socketId);
      show();
    }),
    media.state.subscribe(publish),
    followSpeaking(levels, (speaking) => state.setState({ speaking })),
  ];
  publish(media.state.getState());

  return {
    state,
    media,
    soundHeldBack(is) {
      if (state.getState().mutedByBrowser !== is) state.setState({ mutedByBrowser: is });
    },
    leave() {
      stops.forEach((stop) => stop());
      transport.leave();
    },
  };
}

function mediaOf({ mic, camera, screen }: LocalMediaState): Media {
  return {
    audio: mic.on && mic.track !== null,
    video: camera.on && camera.track !== null,
    screen: screen !== null,
  };
}
