import { Deadlines } from './deadlines';
import { hasRelay } from './iceServers';
import type { FailureReason } from './transport';

/** After this time without a connection a reason is given. */
const SLOW_MS = 6_000;
/** Error codes of refused credentials: RFC 8656, sections 5 and 9. */
const REFUSALS = [401, 403, 438, 441];
/** The browser's own code for a server that cannot be reached. */
const UNREACHED = 701;

/** Collects the reason why a link does not connect; it outlives the single attempts. */
export class FailureTracker {
  #slow = false;
  #refused = false;
  #silent = false;
  readonly #deadlines = new Deadlines();

  constructor(private readonly changed: () => void) {}

  /** An attempt begins, or a connection is lost. The time runs from the first one. */
  begin(): void {
    if (this.#slow || this.#deadlines.has('slow')) return;
    this.#deadlines.after('slow', SLOW_MS, () => {
      this.#slow = true;
      this.changed();
    });
  }

  /** The link is connected or closed: everything is reset. */
  end(): void {
    this.#deadlines.clear('slow');
    this.#slow = this.#refused = this.#silent = false;
  }

  /** Whether the error says that a TURN server refuses our credentials. */
  candidateError({
    errorCode,
    url,
  }: Pick<RTCPeerConnectionIceErrorEvent, 'errorCode' | 'url'>): boolean {
    if (!url.startsWith('turn')) return false;
    if (errorCode === UNREACHED) this.#silent = true;
    const refused = REFUSALS.includes(errorCode);
    this.#refused ||= refused;
    return refused;
  }

  candidateFound(candidate: Pick<RTCIceCandidate, 'type'>): void {
    if (candidate.type === 'relay') this.#refused = this.#silent = false;
  }

  /** Undefined while it is too early to say. */
  reason(
    { iceServers = [], iceTransportPolicy }: RTCConfiguration,
    answered: boolean,
  ): FailureReason | undefined {
    const relayOnly = iceTransportPolicy === 'relay';
    if (relayOnly && !hasRelay(iceServers)) return 'noRelay';
    if (this.#refused && (relayOnly || this.#slow)) return 'refused';
    if (!this.#slow) return undefined;
    if (this.#silent && relayOnly) return 'silentRelay';
    return answered ? 'noRoute' : 'noAnswer';
  }
}
