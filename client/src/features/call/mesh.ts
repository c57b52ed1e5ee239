import { randomId, type RoomConnection } from '../../connection';
import type { IceServer, RoomState, SocketId } from '../../protocol';
import { Link } from './link';
import { ABSENT_MS, isPolite, offerWait, planJoin } from './plan';
import { judge, type Reception } from './quality';
import { readReception } from './reception';
import type { Described } from './sdp';
import { NO_TRACKS, type CallTransport, type Remote, type Slot, type Tracks } from './transport';
import { tune } from './wires';

const QUALITY_MS = 3_000;

interface Peer {
  readonly link: Link;
  readonly works: boolean;
  quality: 'good' | 'poor';
  reception: Reception | undefined;
  absent: ReturnType<typeof setTimeout> | undefined;
  /** For how large a call its senders are set. */
  tuned: string;
}

/** Everyone connected with everyone (DESIGN 8). */
export function createMesh(room: RoomConnection): CallTransport {
  const peers = new Map<SocketId, Peer>();
  const listeners = new Set<(remotes: ReadonlyMap<SocketId, Remote>) => void>();
  let me: SocketId | undefined;
  let here = new Set<SocketId>();
  let iceServers: RTCIceServer[] = [];
  let tracks: Tracks = NO_TRACKS;
  let stops: (() => void)[] = [];

  const remotes = () =>
    new Map(
      [...peers].map(([id, { link, quality }]): [SocketId, Remote] => [
        id,
        { phase: link.phase, tracks: link.tracks, quality },
      ]),
    );

  function changed() {
    tuneAll();
    const now = remotes();
    for (const listener of listeners) listener(now);
  }

  function tuneAll() {
    const [others, sharing] = [peers.size, tracks.screen !== null];
    for (const peer of peers.values()) {
      const wanted = peer.works ? `${others} ${sharing}` : '';
      if (wanted !== peer.tuned && wanted !== '') tune(peer.link.wires, others, sharing);
      peer.tuned = wanted;
    }
  }

  function peerOf(self: SocketId, other: SocketId): Peer {
    const known = peers.get(other);
    if (known) return known;
    const toSocketId = other;
    const link = new Link({
      polite: isPolite(self, other),
      online: () => room.status.getState().status === 'online',
      iceServers: () => iceServers,
      tracks: () => tracks,
      newId: randomId,
      changed,
      signal(what) {
        // Lost signals are made good by the link's own deadlines.
        const sent =
          'candidate' in what
            ? room.request('signal:ice', { toSocketId, candidate: what.candidate })
            : room.request(what.description.type === 'offer' ? 'signal:offer' : 'signal:answer', {
                toSocketId,
                sdp: what.description,
              });
        sent.catch(() => undefined);
      },
    });
    const peer: Peer = {
      link,
      get works() {
        return link.works;
      },
      quality: 'good',
      reception: undefined,
      absent: undefined,
      tuned: '',
    };
    peers.set(other, peer);
    return peer;
  }

  function drop(id: SocketId) {
    const peer = peers.get(id);
    clearTimeout(peer?.absent);
    peer?.link.close();
    peers.delete(id);
  }

  function joined(state: RoomState) {
    const plan = planJoin(me, state, peers);
    const self = state.you.socketId;
    me = self;
    iceServers = state.iceServers.map(toRtc);
    plan.drop.forEach(drop);
    plan.absent.forEach(expire);
    here = new Set(state.participants.map((one) => one.socketId));
    for (const [id, peer] of peers) {
      if (plan.absent.includes(id)) continue;
      present(peer);
      peer.link.rejoined();
    }
    for (const id of plan.expect) peerOf(self, id).link.await(offerWait(self, id));
    changed();
  }

  /** Ends a connection unless the server tells us soon that its person is in the room. */
  function expire(id: SocketId) {
    const peer = peers.get(id);
    if (!peer) return;
    clearTimeout(peer.absent);
    peer.absent = setTimeout(() => {
      drop(id);
      changed();
    }, ABSENT_MS);
  }

  function present(peer: Peer) {
    clearTimeout(peer.absent);
    peer.absent = undefined;
  }

  function came(id: SocketId) {
    here.add(id);
    if (me === undefined || id === me) return;
    const peer = peerOf(me, id);
    present(peer);
    // Who came back to a connection that works keeps it.
    if (!peer.works) peer.link.offer();
    changed();
  }

  function described(from: SocketId, sdp: RTCSessionDescriptionInit, type: 'offer' | 'answer') {
    if (me === undefined || from === me) return;
    // Other clients may send the text alone.
    const description: Described = typeof sdp === 'string' ? { type, sdp } : sdp;
    if (description.type !== type) return;
    if (type === 'answer' && !peers.has(from)) return;
    peerOf(me, from).link.take(description);
    // A signal may overtake the news of its sender's coming.
    if (!here.has(from)) expire(from);
    changed();
  }

  async function lookAtQuality() {
    for (const peer of peers.values()) {
      const { pc } = peer.link;
      if (!pc || !peer.works) continue;
      const now = await readReception(pc).catch(() => undefined);
      if (!now) continue;
      const quality = peer.reception ? judge(peer.reception, now) : 'good';
      peer.reception = now;
      if (quality === peer.quality) continue;
      peer.quality = quality;
      changed();
    }
  }

  return {
    join() {
      if (stops.length > 0) return;
      const timer = setInterval(() => void lookAtQuality(), QUALITY_MS);
      stops = [
        () => clearInterval(timer),
        room.onJoined(joined),
        room.on('user:joined', ({ socketId }) => came(socketId)),
        room.on('user:left', ({ socketId }) => {
          here.delete(socketId);
          drop(socketId);
          changed();
        }),
        room.on('signal:offer', ({ fromSocketId, sdp }) => described(fromSocketId, sdp, 'offer')),
        room.on('signal:answer', ({ fromSocketId, sdp }) => described(fromSocketId, sdp, 'answer')),
        room.on('signal:ice', ({ fromSocketId, candidate }) =>
          peers.get(fromSocketId)?.link.takeCandidate(candidate),
        ),
      ];
    },

    publish(slot: Slot, track) {
      if (tracks[slot] === track) return;
      tracks = { ...tracks, [slot]: track };
      for (const { link } of peers.values()) link.publish();
      changed();
    },

    subscribe(listener) {
      listeners.add(listener);
      listener(remotes());
      return () => listeners.delete(listener);
    },

    level(socketId) {
      const receiver = peers.get(socketId)?.link.wires.audio?.receiver;
      const [source] = receiver?.getSynchronizationSources() ?? [];
      return source?.audioLevel ?? 0;
    },

    leave() {
      stops.forEach((stop) => stop());
      stops = [];
      [...peers.keys()].forEach(drop);
      listeners.clear();
    },
  };
}

function toRtc({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  };
}
