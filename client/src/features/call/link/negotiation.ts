import { withFecAndDtx, matchesIceUfrag, sdpSessionId, type SignalDescription } from './sdp';
import type { Slot, Tracks } from './transport';
import {
  setDirections,
  addTransceivers,
  receivedTracks,
  replaceTracks,
  adoptTransceivers,
  type Transceivers,
} from './transceivers';

export type Signal =
  { readonly description: SignalDescription } | { readonly candidate: RTCIceCandidateInit | null };

export interface NegotiationPorts {
  tracks(): Tracks;
  signal(what: Signal): void;
  newId(): string;
}

/** What two people agree on over one RTCPeerConnection. It ends with that one. */
export class Negotiation {
  #transceivers: Transceivers = {};
  #offerId = '';
  /** The offer that we answered last. */
  #answeredId: string | undefined;
  #early: RTCIceCandidateInit[] = [];
  /** What was refused in the description that we sent last. */
  #told = '';
  #closed = false;

  constructor(
    readonly pc: RTCPeerConnection,
    private readonly ports: NegotiationPorts,
  ) {}

  get transceivers(): Transceivers {
    return this.#transceivers;
  }

  get tracks(): Tracks {
    return receivedTracks(this.#transceivers);
  }

  /** Both sides have described themselves once. */
  get established(): boolean {
    return this.pc.remoteDescription != null;
  }

  get stable(): boolean {
    return this.pc.signalingState === 'stable';
  }

  get awaitsFirstAnswer(): boolean {
    return this.pc.signalingState === 'have-local-offer' && !this.established;
  }

  /** Whether a description goes on with this connection. */
  isSameSession({ sdp }: SignalDescription): boolean {
    const known = sdpSessionId(this.pc.remoteDescription?.sdp);
    return known !== undefined && known === sdpSessionId(sdp);
  }

  publish(): Promise<void> {
    return replaceTracks(this.#transceivers, this.ports.tracks());
  }

  async offerFirst(refused: ReadonlySet<Slot>): Promise<void> {
    this.#transceivers = addTransceivers(this.pc);
    await this.publish();
    await this.#describe(refused, true);
  }

  offerAgain(refused: ReadonlySet<Slot>): Promise<void> {
    return this.#describe(refused, false);
  }

  async #describe(refused: ReadonlySet<Slot>, fresh: boolean): Promise<void> {
    this.#offerId = this.ports.newId();
    this.#direct(refused);
    await this.pc.setLocalDescription();
    this.sendOffer(fresh);
  }

  /** The offer that stands, with all candidates there are by now. */
  sendOffer(fresh: boolean): void {
    const { localDescription } = this.pc;
    if (this.#closed || localDescription?.type !== 'offer') return;
    const { type, sdp } = localDescription;
    const sent = { type, sdp: withFecAndDtx(sdp), offerId: this.#offerId, fresh };
    this.ports.signal({ description: sent });
  }

  async answer(offer: SignalDescription, refused: ReadonlySet<Slot>): Promise<void> {
    const isFirst = !this.isSameSession(offer);
    await this.pc.setRemoteDescription(offer);
    if (isFirst) this.#transceivers = adoptTransceivers(this.pc);
    await this.publish();
    await this.#flush();
    this.#direct(refused);
    await this.pc.setLocalDescription();
    this.#answeredId = offer.offerId;
    this.sendAnswer();
  }

  /** Whether it is the offer that we answered last: then our answer was lost. */
  hasAnswered({ offerId }: SignalDescription): boolean {
    return this.stable && offerId !== undefined && offerId === this.#answeredId;
  }

  /** The answer that stands, with all candidates there are by now. */
  sendAnswer(): void {
    const { localDescription } = this.pc;
    if (this.#closed || localDescription?.type !== 'answer') return;
    const { type, sdp } = localDescription;
    const offerId = this.#answeredId;
    const sent = { type, sdp: withFecAndDtx(sdp), ...(offerId !== undefined && { offerId }) };
    this.ports.signal({ description: sent });
  }

  /** Tells whether it was the answer to the offer that stands. */
  async accept(answer: SignalDescription): Promise<boolean> {
    if (this.pc.signalingState !== 'have-local-offer') return false;
    if (answer.offerId !== undefined && answer.offerId !== this.#offerId) return false;
    await this.pc.setRemoteDescription(answer);
    await this.#flush();
    return true;
  }

  /** Whether the other side knows what we refuse, or will by what is on its way. */
  agreesOn(refused: ReadonlySet<Slot>): boolean {
    return !this.established || !this.stable || textOf(refused) === this.#told;
  }

  #direct(refused: ReadonlySet<Slot>): void {
    setDirections(this.#transceivers, refused);
    this.#told = textOf(refused);
  }

  async add(candidate: RTCIceCandidateInit): Promise<void> {
    const sdp = this.pc.remoteDescription?.sdp;
    if (sdp === undefined) this.#early.push(candidate);
    // A candidate of an earlier attempt, or one that this browser does not understand, does no harm.
    else if (matchesIceUfrag(candidate, sdp))
      await this.pc.addIceCandidate(candidate).catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const early = this.#early;
    this.#early = [];
    for (const candidate of early) if (!this.#closed) await this.add(candidate);
  }

  /** With new ports on both sides, over whatever way there is now. Tells whether it was offered. */
  async restart(ice: RTCConfiguration, refused: ReadonlySet<Slot>): Promise<boolean> {
    const { pc } = this;
    // An offer whose answer was lost while we were away is made anew.
    if (pc.signalingState === 'have-local-offer')
      await pc.setLocalDescription({ type: 'rollback' });
    if (this.#closed || !this.stable) return false;
    // Allocations with expired credentials would be refused.
    this.configure(ice);
    pc.restartIce();
    await this.offerAgain(refused);
    return true;
  }

  configure(ice: RTCConfiguration): void {
    this.pc.setConfiguration({ ...this.pc.getConfiguration(), ...ice });
  }

  close(): void {
    this.#closed = true;
    this.pc.onicecandidate = null;
    this.pc.onicecandidateerror = null;
    this.pc.onconnectionstatechange = null;
    this.pc.close();
  }
}

const textOf = (slots: ReadonlySet<Slot>): string => [...slots].sort().join();
