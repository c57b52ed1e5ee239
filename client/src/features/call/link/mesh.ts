import { api, monotonic, randomId, type RoomConnection } from '../../../connection';
import type { IceServers, RoomState, SocketId } from '../../../protocol';
import { Deadlines } from './deadlines';
import { createIceServers } from './iceServers';
import { Link } from './link';
import { ABSENT_MS, isPolite, offerWait, planJoin } from './joinPlan';
import { isUnableAnswer, type SignalDescription } from './sdp';
import { NO_TRACKS, type CallTransport, type Remote, type Slot, type Tracks } from './transport';
import { QualityController } from './qualityController';
import { FULL_DEMAND, type VideoDemand } from './videoDemand';
import { unsupportedServersMessage } from './browserSupport';

const LOOK_MS = 2_500;
const SETTLE_MS = 300;
/** An audio level older than this is silence. */
const HEARD_MS = 500;

interface Peer {
  readonly link: Link;
  readonly controller: QualityController;
  readonly works: boolean;
  absent: ReturnType<typeof setTimeout> | undefined;
}

/** Everyone connected with everyone (SPEC 9). */
export function createMesh(
  room: RoomConnection,
  {
    fetchIce = api.iceServers,
    tell = () => undefined,
  }: {
    fetchIce?: () => Promise<IceServers>;
    /** Says something to the person. */
    tell?: (words: string) => void;
  } = {},
): CallTransport {
  const peers = new Map<SocketId, Peer>();
  const listeners = new Set<(remotes: ReadonlyMap<SocketId, Remote>) => void>();
  /** By socket id, since they outlive the link. */
  const rejected = new Map<SocketId, readonly Slot[]>();
  const shown = new Map<SocketId, VideoDemand>();
  let me: SocketId | undefined;
  let here = new Set<SocketId>();
  let tracks: Tracks = NO_TRACKS;
  let onlyRelay = false;
  let stops: (() => void)[] = [];
  const deadlines = new Deadlines();

  const ice = createIceServers({
    fetch: fetchIce,
    now: () => monotonic() + room.info.getState().clockOffsetMs,
    changed: () => reconfigure(false),
    unsupported: (urls) => tell(unsupportedServersMessage(urls)),
  });

  const remotes = () =>
    new Map(
      [...peers].map(
        ([
          id,
          {
            link,
            controller: { quality, stats },
          },
        ]): [SocketId, Remote] => {
          const { phase, failureReason } = link;
          return [id, { phase, failureReason, tracks: link.tracks, quality, stats }];
        },
      ),
    );

  function changed() {
    applyQuality();
    const now = remotes();
    for (const listener of listeners) listener(now);
  }

  function applyQuality() {
    const others = [...peers.values()].filter(({ link }) => link.phase !== 'impossible').length;
    const load = { others, tracks };
    for (const { controller } of peers.values()) controller.apply(load);
  }

  function reconfigure(anew: boolean) {
    for (const { link } of peers.values()) link.reconfigure(anew);
  }

  function peerOf(self: SocketId, other: SocketId): Peer {
    const known = peers.get(other);
    if (known) return known;
    const toSocketId = other;
    const link = new Link({
      polite: isPolite(self, other),
      online: () => room.status.getState().status === 'online',
      ice: () => ({
        iceServers: [...ice.servers],
        iceTransportPolicy: onlyRelay ? 'relay' : 'all',
      }),
      tracks: () => tracks,
      newId: randomId,
      changed,
      credentialsRefused: () => ice.renew(),
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
    link.setDemand(shown.get(other) ?? FULL_DEMAND);
    link.setRejected(rejected.get(other) ?? []);
    const peer: Peer = {
      link,
      controller: new QualityController(link),
      get works() {
        return link.works;
      },
      absent: undefined,
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
    plan.drop.forEach(drop);
    ice.set(state.iceServers);
    plan.absent.forEach(expire);
    here = new Set(state.participants.map((one) => one.socketId));
    for (const [id, peer] of peers) {
      if (plan.absent.includes(id)) continue;
      present(peer);
      peer.link.rejoined();
    }
    for (const id of plan.expect) peerOf(self, id).link.expectOffer(offerWait(self, id));
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

  function participantJoined(id: SocketId) {
    here.add(id);
    if (me === undefined || id === me) return;
    const peer = peerOf(me, id);
    present(peer);
    // Who came back to a connection that works keeps it.
    if (!peer.works) peer.link.offer();
    changed();
  }

  function participantLeft(id: SocketId) {
    here.delete(id);
    rejected.delete(id);
    shown.delete(id);
    deadlines.clear(`want ${id}`);
    drop(id);
    changed();
  }

  function receiveDescription(
    from: SocketId,
    sdp: RTCSessionDescriptionInit,
    type: 'offer' | 'answer',
  ) {
    if (me === undefined || from === me) return;
    // Other clients may send the text alone.
    const description: SignalDescription = typeof sdp === 'string' ? { type, sdp } : sdp;
    if (description.type !== type) return;
    if (type === 'answer' && !peers.has(from)) return;
    peerOf(me, from).link.receive(description);
    // A signal may overtake the news of its sender's coming.
    if (!here.has(from)) expire(from);
    changed();
  }

  function receiveAnswer(from: SocketId, sdp: RTCSessionDescriptionInit) {
    if (!isUnableAnswer(sdp)) {
      receiveDescription(from, sdp, 'answer');
      return;
    }
    if (me === undefined || from === me) return;
    peerOf(me, from).link.giveUp();
    if (!here.has(from)) expire(from);
    changed();
  }

  async function sampleAll() {
    const news = await Promise.all(
      [...peers.values()].map(({ controller }) => controller.sample()),
    );
    if (news.includes(true)) changed();
    else applyQuality();
  }

  return {
    join() {
      if (stops.length > 0) return;
      const timer = setInterval(() => void sampleAll(), LOOK_MS);
      stops = [
        () => clearInterval(timer),
        () => ice.dispose(),
        () => shown.forEach((_, id) => deadlines.clear(`want ${id}`)),
        room.onJoined(joined),
        room.on('user:joined', ({ socketId }) => participantJoined(socketId)),
        room.on('user:left', ({ socketId }) => participantLeft(socketId)),
        room.on('signal:offer', ({ fromSocketId, sdp }) =>
          receiveDescription(fromSocketId, sdp, 'offer'),
        ),
        room.on('signal:answer', ({ fromSocketId, sdp }) => receiveAnswer(fromSocketId, sdp)),
        room.on('signal:ice', ({ fromSocketId, candidate }) =>
          peers.get(fromSocketId)?.link.receiveCandidate(candidate),
        ),
      ];
    },

    publish(slot, track) {
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

    setShownHeight(socketId, picture, height) {
      const demand = { ...(shown.get(socketId) ?? FULL_DEMAND), [picture]: height };
      shown.set(socketId, demand);
      // A tile that moves is gone and back within a moment.
      deadlines.after(`want ${socketId}`, SETTLE_MS, () =>
        peers.get(socketId)?.link.setDemand(shown.get(socketId) ?? FULL_DEMAND),
      );
    },

    setRejected(socketId, slots) {
      if ((rejected.get(socketId) ?? []).join() === slots.join()) return;
      rejected.set(socketId, slots);
      peers.get(socketId)?.link.setRejected(slots);
    },

    relayOnly(on) {
      if (on === onlyRelay) return;
      onlyRelay = on;
      reconfigure(true);
    },

    level(socketId) {
      const receiver = peers.get(socketId)?.link.transceivers.audio?.receiver;
      const [source] = receiver?.getSynchronizationSources() ?? [];
      // While nobody speaks no packets come, and the last one says nothing of now.
      if (!source || performance.timeOrigin + performance.now() - source.timestamp > HEARD_MS)
        return 0;
      return source.audioLevel ?? 0;
    },

    leave() {
      stops.forEach((stop) => stop());
      stops = [];
      [...peers.keys()].forEach(drop);
      listeners.clear();
    },
  };
}
