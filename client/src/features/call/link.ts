import { Mending } from './mending';
import { Negotiation, type NegotiationPorts } from './negotiation';
import type { Described } from './sdp';
import { NO_TRACKS, type LinkPhase, type Slot, type Tracks, type Trouble } from './transport';
import { Troubles } from './troubles';
import { WANTS_ALL, wantsText, type Wants } from './wants';
import { Whispers } from './whispers';
import type { Wires } from './wires';

export interface LinkPorts extends NegotiationPorts {
  readonly polite: boolean;
  /** Whether signals reach the server at the moment. */
  online(): boolean;
  /** STUN and TURN servers, and whether relays alone may be used. */
  ice(): Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>;
  changed(): void;
  /** A relay does not take our credentials. */
  refused(): void;
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
  readonly #troubles: Troubles;
  readonly #mending: Mending;
  #refused: ReadonlySet<Slot> = new Set();
  #whispers: Whispers | undefined;
  #wants: Wants = WANTS_ALL;
  #chain: Promise<void> = Promise.resolve();

  constructor(readonly ports: LinkPorts) {
    const changed = () => ports.changed();
    this.#troubles = new Troubles(changed);
    this.#mending = new Mending({
      online: () => ports.online(),
      works: () => this.works,
      canRestart: () => this.#current?.begun === true && this.pc?.connectionState !== 'closed',
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
    return this.#impossible ? 'impossible' : this.#mending.phase;
  }

  /** Why it does not work; nothing while it is too early to say. */
  get trouble(): Trouble | undefined {
    if (this.#impossible) return 'unableThere';
    if (this.works) return undefined;
    return this.#troubles.reason(this.ports.ice(), this.#current?.begun === true);
  }

  get tracks(): Tracks {
    return this.#current?.tracks ?? NO_TRACKS;
  }

  get wires(): Wires {
    return this.#current?.wires ?? {};
  }

  /** How high the other side shows our pictures. */
  get wanted(): Wants {
    return this.#whispers?.wanted ?? WANTS_ALL;
  }

  /** Tells the other side how high we show theirs. */
  want(wants: Wants): void {
    if (wantsText(wants) === wantsText(this.#wants)) return;
    this.#wants = wants;
    this.#whispers?.want(wants);
  }

  /** Takes nothing of these, whatever the other side sends. */
  refuse(slots: readonly Slot[]): void {
    this.#refused = new Set(slots);
    this.#do(() => this.#agreeOnRefused());
  }

  /** Other servers, credentials or rules from now on. */
  reconfigure(anew: boolean): void {
    const current = this.#current;
    if (!current || current.pc.connectionState === 'closed') return;
    current.configure(this.ports.ice());
    if (anew || !this.works) this.#mending.inTurn();
  }

  /** The other side cannot make calls: nothing is tried any more. */
  giveUp(): void {
    this.#impossible = true;
    this.close();
  }

  /** Makes a new connection and its first offer. */
  offer(): void {
    if (this.#closed) return;
    this.#troubles.begin();
    this.#do(() => this.#offerFresh());
  }

  /** The other side makes the first offer; should none come, we do. */
  await(ms: number): void {
    if (this.#closed) return;
    this.#troubles.begin();
    this.#mending.await(ms);
  }

  take(description: Described): void {
    this.#do(() =>
      description.type === 'offer' ? this.#takeOffer(description) : this.#takeAnswer(description),
    );
  }

  takeCandidate(candidate: RTCIceCandidateInit | null): void {
    if (candidate) this.#do(async () => this.#current?.add(candidate));
  }

  publish(): void {
    void this.#current?.publish();
  }

  /** We are back in the room; what was signalled meanwhile is lost. */
  rejoined(): void {
    if (this.#closed) return;
    this.#mending.rejoined(this.works && this.#current?.stable === true);
  }

  close(): void {
    this.#closed = true;
    this.#discard();
    this.#troubles.end();
    this.#mending.end();
  }

  #do(work: () => Promise<void>): void {
    this.#chain = this.#chain
      .then(() => (this.#closed ? undefined : work()))
      .catch((error: unknown) => {
        if (this.#closed) return;
        console.warn('The call could not go on as planned; it is set up anew.', error);
        this.#mending.anew();
      });
  }

  async #offerFresh(): Promise<void> {
    this.#mending.offered();
    if (!this.#mending.mayOffer()) return;
    await this.#open(true).offerFirst(this.#refused);
    this.ports.changed();
  }

  async #agreeOnRefused(): Promise<void> {
    const current = this.#current;
    if (!current || current.agreesOn(this.#refused) || !this.ports.online()) return;
    await current.offerAgain(this.#refused);
    this.#mending.awaitAnswer();
  }

  async #takeOffer(offer: Described): Promise<void> {
    this.#mending.offered();
    const { polite } = this.ports;
    const before = this.#current;
    const continues = before?.isOf(offer) === true;
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
    this.#mending.answered();
    this.ports.changed();
  }

  async #takeAnswer(answer: Described): Promise<void> {
    if ((await this.#current?.accept(answer)) !== true) return;
    this.#mending.answered();
    this.ports.changed();
    await this.#agreeOnRefused();
  }

  #restart(): void {
    const current = this.#current;
    this.#do(async () => {
      if (!current || current !== this.#current) return;
      if (await current.restart(this.ports.ice(), this.#refused)) this.#mending.restarted();
    });
  }

  #open(initiator: boolean): Negotiation {
    this.#discard();
    const config: RTCConfiguration = { ...this.ports.ice(), bundlePolicy: 'max-bundle' };
    const pc = this.ports.open ? this.ports.open(config) : new RTCPeerConnection(config);
    const opened = new Negotiation(pc, this.ports);
    this.#current = opened;
    pc.onicecandidate = ({ candidate }) => {
      if (candidate) this.#mending.gathered();
      if (candidate) this.#troubles.found(candidate);
      this.ports.signal({ candidate: candidate ? candidate.toJSON() : null });
    };
    pc.onicecandidateerror = (error) => {
      if (!this.#troubles.heard(error)) return;
      this.ports.refused();
      this.ports.changed();
    };
    pc.onconnectionstatechange = () => this.#follow(opened);
    this.#whispers = new Whispers(pc, this.#wants, () => this.ports.changed());
    this.#troubles.begin();
    this.#mending.opened(initiator);
    return opened;
  }

  #follow(one: Negotiation): void {
    if (one !== this.#current) return;
    const { connectionState } = one.pc;
    this.#mending.follow(connectionState);
    if (connectionState === 'connected') {
      this.#troubles.end();
      this.#do(() => this.#agreeOnRefused());
    } else if (connectionState === 'disconnected') this.#troubles.begin();
    this.ports.changed();
  }

  #discard(): void {
    this.#whispers = undefined;
    this.#mending.dropped();
    this.#current?.close();
    this.#current = undefined;
  }
}
