import type { SocketId } from '../../protocol';

/** What a person sends: three things at most. */
export type Slot = 'audio' | 'camera' | 'screen';
export const SLOTS: readonly Slot[] = ['audio', 'camera', 'screen'];

export type Tracks = Readonly<Record<Slot, MediaStreamTrack | null>>;
export const NO_TRACKS: Tracks = { audio: null, camera: null, screen: null };

/** How it stands with one other person, told as it is. */
export type LinkPhase = 'connecting' | 'connected' | 'reconnecting' | 'unreachable';

export interface Remote {
  readonly phase: LinkPhase;
  readonly tracks: Tracks;
  readonly quality: 'good' | 'poor';
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
  /** How loud someone is at this moment, 0 to 1. */
  level(socketId: SocketId): number;
  /** Ends all connections; final. */
  leave(): void;
}
