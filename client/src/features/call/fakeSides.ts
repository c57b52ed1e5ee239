import { vi } from 'vitest';
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

/** One of two ends, for tests of what passes between them. */
export interface Side {
  link: Link;
  made: FakeConnection[];
  sent: Described[];
  online: boolean;
}

export function side(polite: boolean): Side {
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

export const settle = () => vi.advanceTimersByTimeAsync(0);

/** Brings over what was sent, until nothing more is said. */
export async function talk(a: Side, b: Side) {
  for (let round = 0; round < 10; round++) {
    await settle();
    for (const description of a.sent.splice(0)) b.link.take(description);
    for (const description of b.sent.splice(0)) a.link.take(description);
  }
}

/** Both ends of one connection, agreed. */
export function agree(a: Side, b: Side) {
  const [left, right] = [a.made.at(-1), b.made.at(-1)];
  if (!left || !right) return false;
  const names = (pc: FakeConnection, other: FakeConnection) =>
    pc.remoteDescription?.sdp?.includes(`o=- ${other.session} `) === true;
  return (
    left.signalingState === 'stable' &&
    right.signalingState === 'stable' &&
    names(left, right) &&
    names(right, left)
  );
}

/** Two ends whose connection works. */
export async function connected() {
  const [a, b] = [side(true), side(false)];
  a.link.offer();
  await talk(a, b);
  a.made[0]?.become('connected');
  b.made[0]?.become('connected');
  return { a, b };
}

/** Timers that wait to be moved on, and what Node lacks. */
export function standIns(): void {
  vi.stubGlobal('MediaStream', Map);
  vi.useFakeTimers();
}

export function removeStandIns(): void {
  vi.useRealTimers();
  vi.unstubAllGlobals();
}
