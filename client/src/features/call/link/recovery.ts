import { Deadlines } from './deadlines';
import type { LinkPhase } from './transport';

/** Without a candidate by then, gathering hangs and no restart helps: only a new connection does. */
const NO_CANDIDATE_MS = 3_000;
/** Not connected by then: the offer or its answer was lost, or the TURN server refuses the credentials. */
const CONNECT_MS = 12_000;
/** A disconnection often heals by itself within this time. */
const HEAL_MS = 1_500;
/** The side that did not make the first offer leaves the other this much time to act. */
const PATIENCE_MS = 3_500;
/** The same after a return to the room: who was away knows that signals were lost. */
const RETURN_PATIENCE_MS = 1_000;
const RESTART_MS = 8_000;
/** After this many failed connections the phase is `unreachable`; attempts go on. */
const MANY_TRIES = 2;

export interface RecoveryPorts {
  /** Whether signals reach the server at the moment. */
  online(): boolean;
  works(): boolean;
  /** Whether there is a connection that an ICE restart may recover. */
  canRestart(): boolean;
  restart(): void;
  /** Makes a new connection and its first offer. */
  replace(): void;
  changed(): void;
}

/** Decides when a peer connection is restarted or replaced, and by which side. */
export class Recovery {
  /** Whether we made the first offer of this connection: then we recover it. */
  #initiator = false;
  #everConnected = false;
  #tries = 0;
  /** Whether an offer is due as soon as signals reach the server again. */
  #offerPending = false;
  readonly #deadlines = new Deadlines();

  constructor(private readonly ports: RecoveryPorts) {}

  get phase(): LinkPhase {
    if (this.ports.works()) return 'connected';
    if (this.#tries >= MANY_TRIES) return 'unreachable';
    return this.#everConnected ? 'reconnecting' : 'connecting';
  }

  /** The other side makes the first offer; should none come, we do. */
  await(ms: number): void {
    this.#deadlines.after('offer', ms, () => this.ports.replace());
  }

  /** An offer of either side is there. */
  offerReceived(): void {
    this.#deadlines.clear('offer');
  }

  /** A connection was made, and must get somewhere. */
  opened(initiator: boolean): void {
    this.#initiator = initiator;
    const patience = this.#patience;
    const slower = Math.min(this.#tries + 1, 4);
    this.#deadlines.after('candidate', NO_CANDIDATE_MS * slower + patience, () => this.#retry());
    this.#deadlines.after('connect', CONNECT_MS * slower + patience, () => this.#retry());
  }

  get #patience(): number {
    return this.#initiator ? 0 : PATIENCE_MS;
  }

  candidateGathered(): void {
    this.#deadlines.clear('candidate');
  }

  /** Whether an offer may be made now; else it is, once we are back in the room. */
  mayOffer(): boolean {
    this.#offerPending ||= !this.ports.online();
    return this.ports.online();
  }

  /** An offer on a connection that works is on its way. */
  awaitAnswer(): void {
    this.#deadlines.after('answer', RESTART_MS, () => this.#recover());
  }

  answered(): void {
    this.#deadlines.clear('answer');
  }

  follow(state: RTCPeerConnectionState): void {
    switch (state) {
      case 'connected':
        this.#everConnected = true;
        this.#tries = 0;
        this.#deadlines.clear('candidate', 'connect', 'recover');
        break;
      case 'disconnected':
        this.#deadlines.after('recover', HEAL_MS + this.#patience, () => this.#recover());
        break;
      case 'failed':
        this.recoverInTurn();
        break;
    }
  }

  /** The side of the first offer at once; the other one when nothing came of it. */
  recoverInTurn(): void {
    this.#deadlines.after('recover', this.#patience, () => this.#recover());
  }

  /** Something went wrong that was not foreseen. */
  replaceSoon(): void {
    this.#deadlines.after('recover', HEAL_MS, () => this.ports.replace());
  }

  /** We are back in the room; what was signalled meanwhile is lost. */
  rejoined(settled: boolean): void {
    if (settled && !this.#offerPending) return;
    this.#offerPending = false;
    const patience = this.#initiator ? 0 : RETURN_PATIENCE_MS;
    this.#deadlines.after('recover', patience, () => this.#recover());
  }

  /** By an ICE restart where there was a connection, else by a new one. */
  #recover(): void {
    if (!this.mayOffer()) return;
    if (this.#everConnected && this.ports.canRestart()) this.ports.restart();
    else this.ports.replace();
  }

  /** A restart was offered. */
  restarted(): void {
    this.#deadlines.after('connect', RESTART_MS, () => {
      if (!this.ports.works()) this.#retry();
    });
  }

  #retry(): void {
    this.#tries += 1;
    this.ports.replace();
    this.ports.changed();
  }

  /** The peer connection is closed. */
  connectionClosed(): void {
    this.#deadlines.clear('candidate', 'connect', 'recover', 'answer');
  }

  /** The link is closed. */
  end(): void {
    this.connectionClosed();
    this.offerReceived();
  }
}
