import { Recovery } from './recovery';
import { Negotiation, type NegotiationPorts } from './negotiation';
import type { SignalDescription } from './sdp';
import { NO_TRACKS, type LinkPhase, type Slot, type Tracks, type FailureReason } from './transport';
import { FailureTracker } from './failureTracker';
import { FULL_DEMAND, encodeDemand, type VideoDemand } from './videoDemand';
import { DataChannelMessages } from './dataChannelMessages';
import type { Transceivers } from './transceivers';

export interface LinkPorts extends NegotiationPorts {
  readonly polite: boolean;
  /** Whether signals reach the server at the moment. */
  online(): boolean;
  /** STUN and TURN servers, and whether relays alone may be used. */
  ice(): Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>;
  changed(): void;
  /** A TURN server refuses our credentials. */
  credentialsRefused(): void;
  /** A stand-in for tests. */
  open?(config: RTCConfiguration): RTCPeerConnection;
}

/**
 * The connection to one other person, for as long as both are in the room. It outlives its
 * RTCPeerConnections: one that does not get anywhere is replaced. Signals are handled one by one.
 */
export class Link {
  #current: Negotiation | undefined;
  #closed = false;
  #impossible = false;
  readonly #failures: FailureTracker;
  readonly #recovery: Recovery;
  #refused: ReadonlySet<Slot> = new Set();
  #messages: DataChannelMessages | undefined;
  #demand: VideoDemand = FULL_DEMAND;
  #chain: Promise<void> = Promise.resolve();

  constructor(readonly ports: LinkPorts) {
    const changed = () => ports.changed();
    this.#failures = new FailureTracker(changed);
    this.#recovery = new Recovery({
      online: () => ports.online(),
      works: () => this.works,
      canRestart: () =>
        this.#current?.established === true && this.pc?.connectionState !== 'closed',
      restart: () => this.#restart(),
      replace: () => this.offer(),
      changed,
    });
  }

  get pc(): RTCPeerConnection | undefined {
    return this.#current?.pc;
  }

  get works(): boolean {
    return this.pc?.connectionState === 'connected';
  }

  get phase(): LinkPhase {
    return this.#impossible ? 'impossible' : this.#recovery.phase;
  }

  /** Why it is not connected; undefined while it is too early to say. */
  get failureReason(): FailureReason | undefined {
    if (this.#impossible) return 'unableThere';
    if (this.works) return undefined;
    return this.#failures.reason(this.ports.ice(), this.#current?.established === true);
  }

  get tracks(): Tracks {
    return this.#current?.tracks ?? NO_TRACKS;
  }

  get transceivers(): Transceivers {
    return this.#current?.transceivers ?? {};
  }

  /** How high, in pixels, the other side shows our pictures. */
  get remoteDemand(): VideoDemand {
    return this.#messages?.remoteDemand ?? FULL_DEMAND;
  }

  /** Sends the other side how high we show theirs. */
  setDemand(demand: VideoDemand): void {
    if (encodeDemand(demand) === encodeDemand(this.#demand)) return;
    this.#demand = demand;
    this.#messages?.setDemand(demand);
  }

  /** Rejects these slots, whatever the other side sends. */
  setRejected(slots: readonly Slot[]): void {
    this.#refused = new Set(slots);
    this.#do(() => this.#agreeOnRefused());
  }

  /** Other servers, credentials or rules from now on. */
  reconfigure(anew: boolean): void {
    const current = this.#current;
    if (!current || current.pc.connectionState === 'closed') return;
    current.configure(this.ports.ice());
    if (anew || !this.works) this.#recovery.recoverInTurn();
  }

  /** The other side cannot make calls: nothing is tried any more. */
  giveUp(): void {
    this.#impossible = true;
    this.close();
  }

  /** Makes a new connection and its first offer. */
  offer(): void {
    if (this.#closed) return;
    this.#failures.begin();
    this.#do(() => this.#offerFresh());
  }

  /** The other side makes the first offer; should none come, we do. */
  expectOffer(ms: number): void {
    if (this.#closed) return;
    this.#failures.begin();
    this.#recovery.await(ms);
  }

  receive(description: SignalDescription): void {
    this.#do(() =>
      description.type === 'offer' ? this.#takeOffer(description) : this.#takeAnswer(description),
    );
  }

  receiveCandidate(candidate: RTCIceCandidateInit | null): void {
    if (candidate) this.#do(async () => this.#current?.add(candidate));
  }

  publish(): void {
    void this.#current?.publish();
  }

  /** We are back in the room; what was signalled meanwhile is lost. */
  rejoined(): void {
    if (this.#closed) return;
    this.#recovery.rejoined(this.works && this.#current?.stable === true);
  }

  close(): void {
    this.#closed = true;
    this.#discard();
    this.#failures.end();
    this.#recovery.end();
  }

  #do(work: () => Promise<void>): void {
    this.#chain = this.#chain
      .then(() => (this.#closed ? undefined : work()))
      .catch((error: unknown) => {
        if (this.#closed) return;
        console.warn('The call could not go on as planned; it is set up anew.', error);
        this.#recovery.replaceSoon();
      });
  }

  async #offerFresh(): Promise<void> {
    this.#recovery.offerReceived();
    if (!this.#recovery.mayOffer()) return;
    await this.#open(true).offerFirst(this.#refused);
    this.ports.changed();
  }

  async #agreeOnRefused(): Promise<void> {
    const current = this.#current;
    if (!current || current.agreesOn(this.#refused) || !this.ports.online()) return;
    await current.offerAgain(this.#refused);
    this.#recovery.awaitAnswer();
  }

  async #takeOffer(offer: SignalDescription): Promise<void> {
    this.#recovery.offerReceived();
    const { polite } = this.ports;
    const before = this.#current;
    const continues = before?.isSameSession(offer) === true;
    if (!continues && offer.fresh === false) {
      // It goes on with a connection we no longer have.
      if (before?.awaitsFirstAnswer) return;
      await this.#offerFresh();
      return;
    }
    const ourStands = before?.awaitsFirstAnswer === true || (continues && !before.stable);
    if (ourStands && !polite) {
      // Both offered at once. Ours may have been lost: here it is again.
      before.sendOffer(!continues);
      return;
    }
    if (continues && before.hasAnswered(offer)) {
      before.sendAnswer();
      return;
    }
    const current = continues ? before : this.#open(false);
    await current.answer(offer, this.#refused);
    if (current !== this.#current) return;
    this.#recovery.answered();
    this.ports.changed();
  }

  async #takeAnswer(answer: SignalDescription): Promise<void> {
    if ((await this.#current?.accept(answer)) !== true) return;
    this.#recovery.answered();
    this.ports.changed();
    await this.#agreeOnRefused();
  }

  #restart(): void {
    const current = this.#current;
    this.#do(async () => {
      if (!current || current !== this.#current) return;
      if (await current.restart(this.ports.ice(), this.#refused)) this.#recovery.restarted();
    });
  }

  #open(initiator: boolean): Negotiation {
    this.#discard();
    const config: RTCConfiguration = { ...this.ports.ice(), bundlePolicy: 'max-bundle' };
    const pc = this.ports.open ? this.ports.open(config) : new RTCPeerConnection(config);
    const opened = new Negotiation(pc, this.ports);
    this.#current = opened;
    pc.onicecandidate = ({ candidate }) => {
      if (candidate) this.#recovery.candidateGathered();
      if (candidate) this.#failures.candidateFound(candidate);
      this.ports.signal({ candidate: candidate ? candidate.toJSON() : null });
    };
    pc.onicecandidateerror = (error) => {
      if (!this.#failures.candidateError(error)) return;
      this.ports.credentialsRefused();
      this.ports.changed();
    };
    pc.onconnectionstatechange = () => this.#follow(opened);
    this.#messages = new DataChannelMessages(pc, this.#demand, () => this.ports.changed());
    this.#failures.begin();
    this.#recovery.opened(initiator);
    return opened;
  }

  #follow(one: Negotiation): void {
    if (one !== this.#current) return;
    const { connectionState } = one.pc;
    this.#recovery.follow(connectionState);
    if (connectionState === 'connected') {
      this.#failures.end();
      this.#do(() => this.#agreeOnRefused());
    } else if (connectionState === 'disconnected') this.#failures.begin();
    this.ports.changed();
  }

  #discard(): void {
    this.#messages = undefined;
    this.#recovery.connectionClosed();
    this.#current?.close();
    this.#current = undefined;
  }
}
