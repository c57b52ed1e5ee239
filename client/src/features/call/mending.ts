import { Deadlines } from './deadlines';
import type { LinkPhase } from './transport';

/** Without a candidate by then, gathering hangs and no restart helps: only a new connection does. */
const NO_CANDIDATE_MS = 3_000;
/** Not connected by then: the offer or its answer was lost, or the relay takes no credentials. */
const CONNECT_MS = 12_000;
/** A disconnection often heals by itself within this time. */
const HEAL_MS = 1_500;
/** The side that did not make the first offer leaves the other this much time to act. */
const PATIENCE_MS = 3_500;
/** The same after a return to the room: who was away knows that signals were lost. */
const RETURN_PATIENCE_MS = 1_000;
const RESTART_MS = 8_000;
/** After this many connections in vain nobody waits any more; we try on. */
const MANY_TRIES = 2;

export interface MendingPorts {
  /** Whether signals reach the server at the moment. */
  online(): boolean;
  works(): boolean;
  /** Whether there is a connection that an ICE restart may mend. */
  canRestart(): boolean;
  restart(): void;
  /** Makes a new connection and its first offer. */
  replace(): void;
  changed(): void;
}

/** When the connection to someone is mended or replaced, and by which side. */
export class Mending {
  /** Whether we made the first offer of this connection: then we mend it. */
  #initiator = false;
  #everConnected = false;
  #tries = 0;
  /** An offer that waits for the line to the server. */
  #owed = false;
  readonly #deadlines = new Deadlines();

  constructor(private readonly ports: MendingPorts) {}

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
  offered(): void {
    this.#deadlines.clear('offer');
  }

  /** A connection was made, and must get somewhere. */
  opened(initiator: boolean): void {
    this.#initiator = initiator;
    const patience = this.#patience;
    const slower = Math.min(this.#tries + 1, 4);
    this.#deadlines.after('candidate', NO_CANDIDATE_MS * slower + patience, () => this.#again());
    this.#deadlines.after('connect', CONNECT_MS * slower + patience, () => this.#again());
  }

  get #patience(): number {
    return this.#initiator ? 0 : PATIENCE_MS;
  }

  gathered(): void {
    this.#deadlines.clear('candidate');
  }

  /** Whether an offer may be made now; else it is, once we are back in the room. */
  mayOffer(): boolean {
    this.#owed ||= !this.ports.online();
    return this.ports.online();
  }

  /** An offer on a connection that works is on its way. */
  awaitAnswer(): void {
    this.#deadlines.after('answer', RESTART_MS, () => this.#mend());
  }

  answered(): void {
    this.#deadlines.clear('answer');
  }

  follow(state: RTCPeerConnectionState): void {
    switch (state) {
      case 'connected':
        this.#everConnected = true;
        this.#tries = 0;
        this.#deadlines.clear('candidate', 'connect', 'mend');
        break;
      case 'disconnected':
        this.#deadlines.after('mend', HEAL_MS + this.#patience, () => this.#mend());
        break;
      case 'failed':
        this.inTurn();
        break;
    }
  }

  /** The side of the first offer at once; the other one when nothing came of it. */
  inTurn(): void {
    this.#deadlines.after('mend', this.#patience, () => this.#mend());
  }

  /** Something went wrong that was not foreseen. */
  anew(): void {
    this.#deadlines.after('mend', HEAL_MS, () => this.ports.replace());
  }

  /** We are back in the room; what was signalled meanwhile is lost. */
  rejoined(settled: boolean): void {
    if (settled && !this.#owed) return;
    this.#owed = false;
    const patience = this.#initiator ? 0 : RETURN_PATIENCE_MS;
    this.#deadlines.after('mend', patience, () => this.#mend());
  }

  /** By an ICE restart where there was a connection, else by a new one. */
  #mend(): void {
    if (!this.mayOffer()) return;
    if (this.#everConnected && this.ports.canRestart()) this.ports.restart();
    else this.ports.replace();
  }

  /** A restart was offered. */
  restarted(): void {
    this.#deadlines.after('connect', RESTART_MS, () => {
      if (!this.ports.works()) this.#again();
    });
  }

  #again(): void {
    this.#tries += 1;
    this.ports.replace();
    this.ports.changed();
  }

  /** The connection is given up. */
  dropped(): void {
    this.#deadlines.clear('candidate', 'connect', 'mend', 'answer');
  }

  /** So is the person. */
  end(): void {
    this.dropped();
    this.offered();
  }
}
