import type { SocketId } from '../../../protocol';
import type { ConnectionStats, Quality } from '../stats/quality';

/** The three tracks a person can send. */
export type Slot = 'audio' | 'camera' | 'screen';
export const SLOTS: readonly Slot[] = ['audio', 'camera', 'screen'];
export type Picture = Exclude<Slot, 'audio'>;

export type Tracks = Readonly<Record<Slot, MediaStreamTrack | null>>;
export const NO_TRACKS: Tracks = { audio: null, camera: null, screen: null };

/** The state of the link to one other person. `impossible` is final: one of the two has no WebRTC. */
export type LinkPhase = 'connecting' | 'connected' | 'reconnecting' | 'unreachable' | 'impossible';

/** Why a link is not connected. */
export type FailureReason =
  /** The TURN server refuses our credentials. */
  | 'refused'
  /** Only TURN may be used, and there is no TURN server. */
  | 'noRelay'
  /** The TURN server does not answer. */
  | 'silentRelay'
  /** The other side has not answered. */
  | 'noAnswer'
  /** Signalling works, but no candidate pair does. */
  | 'noRoute'
  /** This browser has no WebRTC. */
  | 'unableHere'
  /** The other side's browser has none. */
  | 'unableThere';

export interface Remote {
  readonly phase: LinkPhase;
  readonly failureReason?: FailureReason | undefined;
  readonly tracks: Tracks;
  readonly quality: Quality;
  readonly stats?: ConnectionStats | undefined;
}

/**
 * Carries sound and pictures between the people in a room. A mesh today; a server that forwards
 * can take its place without the rest of the call noticing.
 */
export interface CallTransport {
  /** Connects to all in the room, and again after every rejoin. Before the room is entered. */
  join(): void;
  /** Sends a track, or nothing, in place of the one before. */
  publish(slot: Slot, track: MediaStreamTrack | null): void;
  /** Calls back, now and at every change, with what comes from the others. */
  subscribe(listener: (remotes: ReadonlyMap<SocketId, Remote>) => void): () => void;
  /** How high, in pixels, a picture of someone is shown; 0 while it is not. What is not shown need not be sent. */
  setShownHeight(socketId: SocketId, picture: Picture, height: number): void;
  /** Rejects these slots of someone, whatever they send. */
  setRejected(socketId: SocketId, slots: readonly Slot[]): void;
  /** Whether to connect through TURN only. */
  relayOnly(on: boolean): void;
  /** How loud someone is at this moment, 0 to 1. */
  level(socketId: SocketId): number;
  /** Ends all connections; final. */
  leave(): void;
}
