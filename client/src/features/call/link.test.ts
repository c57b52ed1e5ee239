import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Link } from './link';
import type { Described } from './sdp';
import { NO_TRACKS } from './transport';

let sessions = 0;

interface FakeWire {
  direction: string;
  sender: object;
  receiver: object;
}

const fakeWire = (kind: string): FakeWire => ({
  direction: 'sendrecv',
  sender: {
    track: null,
    replaceTrack: () => Promise.resolve(),
    setStreams: () => undefined,
    getParameters: () => ({ encodings: [] }),
  },
  receiver: { track: { kind } },
});

/** Follows the rules of signalling, carries nothing. */
class FakeConnection {
  readonly session = String(++sessions);
  version = 1;
  signalingState: RTCSignalingState = 'stable';
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  onicecandidate: ((event: { candidate: null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  restarted = 0;
  candidates: RTCIceCandidateInit[] = [];

  wires: FakeWire[] = [];
  getTransceivers = () => this.wires;
  addTransceiver = (kind: string) => {
    const wire = fakeWire(kind);
    this.wires.push(wire);
    return wire;
  };
  createDataChannel = () => ({ readyState: 'connecting' });
  getConfiguration = () => ({});
  setConfiguration = () => undefined;
  restartIce = () => {
    this.restarted += 1;
  };
  addIceCandidate = (candidate: RTCIceCandidateInit) =>
    Promise.resolve(void this.candidates.push(candidate));

  async setLocalDescription(wanted?: { type: string }) {
    await Promise.resolve();
    if (wanted?.type === 'rollback') {
      this.signalingState = 'stable';
      return;
    }
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer';
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable';
    const sdp = `o=- ${this.session} ${this.version++} IN IP4 127.0.0.1\r\na=ice-ufrag:${this.session}\r\n`;
    this.localDescription = { type, sdp };
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit) {
    await Promise.resolve();
    if (description.type === 'offer' && this.wires.length === 0) {
      for (const kind of ['audio', 'video', 'video']) this.addTransceiver(kind);
    }
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    this.remoteDescription = description;
  }

  close() {
    this.connectionState = 'closed';
  }

  become(state: RTCPeerConnectionState) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

interface Side {
  link: Link;
  made: FakeConnection[];
  sent: Described[];
  online: boolean;
}

function side(polite: boolean): Side {
  const it: Side = { link: undefined as never, made: [], sent: [], online: true };
  it.link = new Link({
    polite,
    online: () => it.online,
    ice: () => ({ iceServers: [], iceTransportPolicy: 'all' as const }),
    refused: () => undefined,
    tracks: () => NO_TRACKS,
    newId: () => `offer${++sessions}`,
    changed: () => undefined,
    signal: (what) => {
      if ('description' in what) it.sent.push(what.description);
    },
    open: () => {
      const pc = new FakeConnection();
      it.made.push(pc);
      return pc as unknown as RTCPeerConnection;
    },
  });
  return it;
}

const settle = () => vi.advanceTimersByTimeAsync(0);

/** Brings over what was sent, until nothing more is said. */
async function talk(a: Side, b: Side) {
  for (let round = 0; round < 10; round++) {
    await settle();
    for (const description of a.sent.splice(0)) b.link.take(description);
    for (const description of b.sent.splice(0)) a.link.take(description);
  }
}

/** Both ends of one connection, agreed. */
function agree(a: Side, b: Side) {
  const [left, right] = [a.made.at(-1)!, b.made.at(-1)!];
  const names = (pc: FakeConnection, other: FakeConnection) =>
    pc.remoteDescription?.sdp?.includes(`o=- ${other.session} `) === true;
  return (
    left.signalingState === 'stable' &&
    right.signalingState === 'stable' &&
    names(left, right) &&
    names(right, left)
  );
}

beforeEach(() => {
  vi.stubGlobal('MediaStream', Map);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function connected() {
  const [a, b] = [side(true), side(false)];
  a.link.offer();
  await talk(a, b);
  a.made[0]!.become('connected');
  b.made[0]!.become('connected');
  return { a, b };
}

test('one side offers, the other answers', async () => {
  const { a, b } = await connected();
  expect(agree(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
  expect(a.link.phase).toBe('connected');
});

test('when both make their first offer at once, the polite side takes the other one on a new connection', async () => {
  const [a, b] = [side(true), side(false)];
  a.link.offer();
  b.link.offer();
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([2, 1]);
});

test('when the offer that stands was lost, it is sent again', async () => {
  const [a, b] = [side(true), side(false)];
  b.link.offer();
  await settle();
  b.sent.length = 0;
  a.link.offer();
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
});

test('an answer to an earlier offer is ignored', async () => {
  const [a, b] = [side(true), side(false)];
  a.link.offer();
  await settle();
  for (const offer of a.sent.splice(0)) b.link.take(offer);
  await settle();
  const [late] = b.sent.splice(0);
  a.link.offer();
  await settle();
  a.link.take(late!);
  await settle();
  expect(a.made[1]?.signalingState).toBe('have-local-offer');
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
});

test('a connection without a candidate is replaced', async () => {
  const [a, b] = [side(true), side(false)];
  a.link.offer();
  await talk(a, b);
  await vi.advanceTimersByTimeAsync(3_100);
  await talk(a, b);
  expect(a.made).toHaveLength(2);
  expect(a.made[0]?.connectionState).toBe('closed');
  expect(agree(a, b)).toBe(true);
});

test('after a disconnection the side of the first offer restarts ICE, on the same connection', async () => {
  const { a, b } = await connected();
  a.made[0]!.become('disconnected');
  b.made[0]!.become('disconnected');
  expect(a.link.phase).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(1_600);
  await talk(a, b);
  expect([a.made[0]?.restarted, b.made[0]?.restarted]).toEqual([1, 0]);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
});

test('a disconnection that heals by itself costs nothing', async () => {
  const { a } = await connected();
  a.made[0]!.become('disconnected');
  await vi.advanceTimersByTimeAsync(1_000);
  a.made[0]!.become('connected');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(a.made[0]?.restarted).toBe(0);
});

test('who has lost the connection that the other restarts makes a new one', async () => {
  const { a } = await connected();
  const forgetful = side(false);
  a.made[0]!.become('failed');
  await talk(a, forgetful);
  expect(agree(a, forgetful)).toBe(true);
  expect(a.made).toHaveLength(2);
});

test('while the line to the server is away nothing is tried; it is mended after the return', async () => {
  const { a, b } = await connected();
  a.online = false;
  a.made[0]!.become('failed');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(a.sent).toHaveLength(0);
  a.online = true;
  a.link.rejoined();
  await talk(a, b);
  expect(a.made[0]?.restarted).toBe(1);
});

test.each([
  ['the side of the first offer is the polite one', true],
  ['the other side is', false],
])(
  'an offer to mend that was lost while the other side was away is made good when it is back: %s',
  async (_, polite) => {
    const [a, b] = [side(polite), side(!polite)];
    a.link.offer();
    await talk(a, b);
    for (const pc of [...a.made, ...b.made]) pc.become('connected');
    for (const pc of [...a.made, ...b.made]) pc.become('failed');
    await settle();
    // Nobody was there to take it.
    a.sent.length = 0;
    expect(a.made[0]?.signalingState).toBe('have-local-offer');
    b.link.rejoined();
    await vi.advanceTimersByTimeAsync(1_100);
    await talk(a, b);
    expect(agree(a, b)).toBe(true);
    expect([a.made.length, b.made.length]).toEqual([1, 1]);
  },
);

test('an answer that was lost is given again when the offer is', async () => {
  const [a, b] = [side(false), side(true)];
  a.link.offer();
  await talk(a, b);
  for (const pc of [...a.made, ...b.made]) pc.become('connected');
  a.made[0]!.become('failed');
  await settle();
  b.link.take(a.sent.splice(0)[0]!);
  await settle();
  b.sent.length = 0;
  b.made[0]!.become('failed');
  b.link.rejoined();
  await vi.advanceTimersByTimeAsync(1_100);
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
});

test('the same offer twice is answered twice alike', async () => {
  const { a, b } = await connected();
  a.link.reconfigure(true);
  await vi.advanceTimersByTimeAsync(1);
  const [offer] = a.sent.splice(0);
  b.link.take(offer!);
  await settle();
  const version = b.made[0]?.version;
  b.link.take(offer!);
  await settle();
  expect(b.sent[1]).toEqual(b.sent[0]);
  expect(b.made[0]?.version).toBe(version);
});

test('a connection that works is left alone after a rejoin', async () => {
  const { a, b } = await connected();
  a.link.rejoined();
  b.link.rejoined();
  await vi.advanceTimersByTimeAsync(30_000);
  expect([...a.sent, ...b.sent]).toHaveLength(0);
});

test('candidates wait for the description they belong to, and old ones are left out', async () => {
  const [a, b] = [side(true), side(false)];
  a.link.offer();
  await settle();
  const { session } = a.made[0]!;
  a.link.takeCandidate({ candidate: 'early', usernameFragment: 'old' });
  for (const offer of a.sent.splice(0)) b.link.take(offer);
  b.link.takeCandidate({ candidate: 'good', usernameFragment: session });
  b.link.takeCandidate({ candidate: 'stale', usernameFragment: 'old' });
  await talk(a, b);
  expect(b.made[0]?.candidates.map((one) => one.candidate)).toEqual(['good']);
  expect(a.made[0]?.candidates).toEqual([]);
});

test('should no first offer come, it is made', async () => {
  const [a, b] = [side(true), side(false)];
  a.link.await(3_000);
  await vi.advanceTimersByTimeAsync(2_900);
  expect(a.made).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(200);
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
});

test('what is refused is agreed on the same connection, once', async () => {
  const { a, b } = await connected();
  b.link.refuse(['audio']);
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
  expect(b.made[0]?.wires.map((it) => it.direction)).toEqual(['sendonly', 'sendrecv', 'sendrecv']);
  expect(a.made[0]?.wires[0]?.direction).toBe('sendrecv');
  b.link.refuse(['audio']);
  await settle();
  expect(b.sent).toHaveLength(0);
  b.link.refuse([]);
  await talk(a, b);
  expect(b.made[0]?.wires[0]?.direction).toBe('sendrecv');
});

test('when both refuse at once, one description serves both', async () => {
  const { a, b } = await connected();
  a.link.refuse(['audio']);
  b.link.refuse(['camera']);
  await talk(a, b);
  expect(agree(a, b)).toBe(true);
  expect([a.made.length, b.made.length]).toEqual([1, 1]);
  expect(a.made[0]?.wires[0]?.direction).toBe('sendonly');
  expect(b.made[0]?.wires[1]?.direction).toBe('sendonly');
});

test('what is refused before there is a connection is refused from its first description on', async () => {
  const [a, b] = [side(true), side(false)];
  b.link.refuse(['screen']);
  a.link.offer();
  await talk(a, b);
  expect(b.made[0]?.wires.map((it) => it.direction)).toEqual(['sendrecv', 'sendrecv', 'sendonly']);
});

test('other servers are used from then on, and a connection that works goes on', async () => {
  const { a } = await connected();
  a.link.reconfigure(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(a.made[0]?.restarted).toBe(0);
  a.link.reconfigure(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(a.made[0]?.restarted).toBe(1);
});
