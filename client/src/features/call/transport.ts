import type { SocketId } from '../../protocol';

/** What a person sends: three things at most. */
export type Slot = 'audio' | 'camera' | 'screen';
export const SLOTS: readonly Slot[] = ['audio', 'camera', 'screen'];
export type Picture = Exclude<Slot, 'audio'>;

export type Tracks = Readonly<Record<Slot, MediaStreamTrack | null>>;
export const NO_TRACKS: Tracks = { audio: null, camera: null, screen: null };

/** How it stands with one other person, told as it is. `impossible` is final: one of the two cannot make calls. */
export type LinkPhase = 'connecting' | 'connected' | 'reconnecting' | 'unreachable' | 'impossible';

/** Why there is no connection (yet). */
export type Trouble =
  /** The relay takes no credentials of ours. */
  | 'refused'
  /** Only a relay may be used, and the server names none. */
  | 'noRelay'
  /** The relay does not answer. */
  | 'silentRelay'
  /** The other side has not answered. */
  | 'noAnswer'
  /** Both sides speak, but no packet comes through. */
  | 'noRoute'
  /** This browser cannot make calls. */
  | 'unableHere'
  /** The other one cannot. */
  | 'unableThere';

export type Quality = 'good' | 'fair' | 'poor';

/** How well a connection carries, of the last seconds. */
export interface Figures {
  readonly roundTripMs: number;
  /** Of what should have come, 0 to 1. */
  readonly loss: number;
  readonly relayed: boolean;
}

export interface Remote {
  readonly phase: LinkPhase;
  readonly trouble?: Trouble | undefined;
  readonly tracks: Tracks;
  readonly quality: Quality;
  readonly figures?: Figures | undefined;
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
  show(socketId: SocketId, picture: Picture, height: number): void;
  /** Takes nothing of these from someone, whatever they send. */
  refuse(socketId: SocketId, slots: readonly Slot[]): void;
  /** Whether to connect by relay alone. */
  relayOnly(on: boolean): void;
  /** How loud someone is at this moment, 0 to 1. */
  level(socketId: SocketId): number;
  /** Ends all connections; final. */
  leave(): void;
}
