import { Deadlines } from './deadlines';
import { hasRelay } from './ice';
import type { Trouble } from './transport';

/** Not connected by then, we say why, as far as we know. */
const SLOW_MS = 6_000;
/** Credentials that a relay does not take: RFC 8656, sections 5 and 9. */
const REFUSALS = [401, 403, 438, 441];
/** Of the browser itself: the server cannot be reached. */
const UNREACHED = 701;

/** Gathers why a connection does not come about; it outlives the single tries. */
export class Troubles {
  #slow = false;
  #refused = false;
  #silent = false;
  readonly #deadlines = new Deadlines();

  constructor(private readonly changed: () => void) {}

  /** A try begins, or what worked is lost. The time runs from the first one. */
  begin(): void {
    if (this.#slow || this.#deadlines.has('slow')) return;
    this.#deadlines.after('slow', SLOW_MS, () => {
      this.#slow = true;
      this.changed();
    });
  }

  /** It works, or is given up: nothing that was counts any more. */
  end(): void {
    this.#deadlines.clear('slow');
    this.#slow = this.#refused = this.#silent = false;
  }

  /** Tells whether a relay refused us. */
  heard({ errorCode, url }: Pick<RTCPeerConnectionIceErrorEvent, 'errorCode' | 'url'>): boolean {
    if (!url.startsWith('turn')) return false;
    if (errorCode === UNREACHED) this.#silent = true;
    const refused = REFUSALS.includes(errorCode);
    this.#refused ||= refused;
    return refused;
  }

  found(candidate: Pick<RTCIceCandidate, 'type'>): void {
    if (candidate.type === 'relay') this.#refused = this.#silent = false;
  }

  /** Nothing while it is too early to say. */
  reason(
    { iceServers = [], iceTransportPolicy }: RTCConfiguration,
    answered: boolean,
  ): Trouble | undefined {
    const relayOnly = iceTransportPolicy === 'relay';
    if (relayOnly && !hasRelay(iceServers)) return 'noRelay';
    if (this.#refused && (relayOnly || this.#slow)) return 'refused';
    if (!this.#slow) return undefined;
    if (this.#silent && relayOnly) return 'silentRelay';
    return answered ? 'noRoute' : 'noAnswer';
  }
}
