import { vi } from 'vitest';
import { Link } from './link';
import type { SignalDescription } from './sdp';
import { NO_TRACKS } from './transport';

let sessions = 0;

interface FakeTransceiver {
  direction: string;
  sender: object;
  receiver: object;
}

const fakeTransceiver = (kind: string): FakeTransceiver => ({
  direction: 'sendrecv',
  sender: {
    track: null,
    replaceTrack: () => Promise.resolve(),
    setStreams: () => undefined,
    getParameters: () => ({ encodings: [] }),
  },
  receiver: { track: { kind } },
});

/** An RTCPeerConnection with the states of signalling and no media. */
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

  transceivers: FakeTransceiver[] = [];
  getTransceivers = () => this.transceivers;
  addTransceiver = (kind: string) => {
    const transceiver = fakeTransceiver(kind);
    this.transceivers.push(transceiver);
    return transceiver;
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
    if (description.type === 'offer' && this.transceivers.length === 0) {
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

/** One end of a link, for tests of the signalling between two. */
export interface FakePeer {
  link: Link;
  made: FakeConnection[];
  sent: SignalDescription[];
  online: boolean;
}

export function fakePeer(polite: boolean): FakePeer {
  const it: FakePeer = { link: undefined as never, made: [], sent: [], online: true };
  it.link = new Link({
    polite,
    online: () => it.online,
    ice: () => ({ iceServers: [], iceTransportPolicy: 'all' as const }),
    credentialsRefused: () => undefined,
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

/** Delivers the descriptions of both sides until none is left. */
export async function exchangeSignals(a: FakePeer, b: FakePeer) {
  for (let round = 0; round < 10; round++) {
    await settle();
    for (const description of a.sent.splice(0)) b.link.receive(description);
    for (const description of b.sent.splice(0)) a.link.receive(description);
  }
}

/** Whether both ends are stable on the same connection. */
export function haveAgreed(a: FakePeer, b: FakePeer) {
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
export async function connectedPeers() {
  const [a, b] = [fakePeer(true), fakePeer(false)];
  a.link.offer();
  await exchangeSignals(a, b);
  a.made[0]?.become('connected');
  b.made[0]?.become('connected');
  return { a, b };
}

/** Fake timers, and the globals that Node lacks. */
export function installFakes(): void {
  vi.stubGlobal('MediaStream', Map);
  vi.useFakeTimers();
}

export function removeFakes(): void {
  vi.useRealTimers();
  vi.unstubAllGlobals();
}
