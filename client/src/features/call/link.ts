import { Deadlines } from './deadlines';
import { askForSturdyVoice, belongs, sessionOf, type Described } from './sdp';
import { NO_TRACKS, type LinkPhase, type Slot, type Tracks, type Trouble } from './transport';
import { Troubles } from './troubles';
import { WANTS_ALL, wantsText, type Wants } from './wants';
import { Whispers } from './whispers';
import { direct, layWires, received, send, takeWires, type Wires } from './wires';

/** Without a candidate by then, gathering hangs and no restart helps: only a new connection does. */
const NO_CANDIDATE_MS = 3_000;
/** Not connected by then: the offer or its answer was lost, or the relay takes no credentials. */
const CONNECT_MS = 12_000;
/** A disconnection often heals by itself within this time. */
const HEAL_MS = 1_500;
/** The side that did not make the first offer leaves the other this much time to act. */
const PATIENCE_MS = 3_500;
const RESTART_MS = 8_000;
/** After this many connections in vain nobody waits any more; we try on. */
const MANY_TRIES = 2;

export interface LinkPorts {
  readonly polite: boolean;
  /** Whether signals reach the server at the moment. */
  online(): boolean;
  /** STUN and TURN servers, and whether relays alone may be used. */
  ice(): Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>;
  tracks(): Tracks;
  signal(what: { description: Described } | { candidate: RTCIceCandidateInit | null }): void;
  changed(): void;
  /** A relay does not take our credentials. */
  refused(): void;
  newId(): string;
  /** A stand-in for tests. */
  open?(config: RTCConfiguration): RTCPeerConnection;
}

/**
 * The connection to one other person, for as long as both are in the room. It outlives its
 * RTCPeerConnections: one that does not get anywhere is replaced. Signals are handled one by one.
 */
export class Link {
  #pc: RTCPeerConnection | undefined;
  #wires: Wires = {};
  /** Whether we made the first offer of this connection: then we mend it. */
  #initiator = false;
  #offerId = '';
  #early: RTCIceCandidateInit[] = [];
  #everConnected = false;
  #tries = 0;
  #closed = false;
  /** An offer that waits for the line to the server. */
  #owed = false;
  readonly #troubles: Troubles;
  #refused: ReadonlySet<Slot> = new Set();
  /** What was refused in the description that we sent last. */
  #told = '';
  #whispers: Whispers | undefined;
  #wants: Wants = WANTS_ALL;
  #chain: Promise<void> = Promise.resolve();
  readonly #deadlines = new Deadlines();

  constructor(readonly ports: LinkPorts) {
    this.#troubles = new Troubles(() => this.ports.changed());
  }

  get works(): boolean {
    return this.#pc?.connectionState === 'connected';
  }

  get phase(): LinkPhase {
    if (this.works) return 'connected';
    if (this.#tries >= MANY_TRIES) return 'unreachable';
    return this.#everConnected ? 'reconnecting' : 'connecting';
  }

  /** Why it does not work; nothing while it is too early to say. */
  get trouble(): Trouble | undefined {
    if (this.works) return undefined;
    return this.#troubles.reason(this.ports.ice(), this.#pc?.remoteDescription != null);
  }

  get tracks(): Tracks {
    return this.#pc ? received(this.#wires) : NO_TRACKS;
  }

  get wires(): Wires {
    return this.#wires;
  }

  get pc(): RTCPeerConnection | undefined {
    return this.#pc;
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
    const pc = this.#pc;
    if (!pc || pc.connectionState === 'closed') return;
    pc.setConfiguration({ ...pc.getConfiguration(), ...this.ports.ice() });
    if (anew || !this.works) this.#mendInTurn();
  }

  /** Makes a new connection and its first offer. */
  offer(): void {
    this.#troubles.begin();
    this.#do(() => this.#offerFresh());
  }

  /** The other side makes the first offer; should none come, we do. */
  await(ms: number): void {
    this.#troubles.begin();
    this.#deadlines.after('offer', ms, () => this.offer());
  }

  take(description: Described): void {
    this.#do(() =>
      description.type === 'offer' ? this.#takeOffer(description) : this.#takeAnswer(description),
    );
  }

  takeCandidate(candidate: RTCIceCandidateInit | null): void {
    if (candidate) this.#do(() => this.#addCandidate(candidate));
  }

  publish(): void {
    void send(this.#wires, this.ports.tracks());
  }

  /** We are back in the room; what was signalled meanwhile is lost. */
  rejoined(): void {
    if (this.works && !this.#owed && this.#pc?.signalingState === 'stable') return;
    this.#owed = false;
    this.#mendInTurn();
  }

  close(): void {
    this.#closed = true;
    this.#discard();
    this.#troubles.end();
    this.#deadlines.clear('offer');
  }

  #do(work: () => Promise<void>): void {
    this.#chain = this.#chain
      .then(() => (this.#closed ? undefined : work()))
      .catch((error: unknown) => {
        if (this.#closed) return;
        console.warn('The call could not go on as planned; it is set up anew.', error);
        this.#deadlines.after('mend', HEAL_MS, () => this.offer());
      });
  }

  async #offerFresh(): Promise<void> {
    this.#deadlines.clear('offer');
    if (!this.ports.online()) {
      this.#owed = true;
      return;
    }
    const pc = this.#open(true);
    this.#wires = layWires(pc);
    await send(this.#wires, this.ports.tracks());
    await this.#describe(pc, true);
    this.ports.changed();
  }

  async #describe(pc: RTCPeerConnection, fresh: boolean): Promise<void> {
    this.#offerId = this.ports.newId();
    this.#direct();
    await pc.setLocalDescription();
    this.#sendOffer(pc, fresh);
  }

  #direct(): void {
    direct(this.#wires, this.#refused);
    this.#told = refusedText(this.#refused);
  }

  /** Unless it is agreed already, or on its way, or comes with the next description anyway. */
  async #agreeOnRefused(): Promise<void> {
    const pc = this.#pc;
    if (!pc?.remoteDescription || pc.signalingState !== 'stable' || !this.ports.online()) return;
    if (refusedText(this.#refused) === this.#told) return;
    await this.#describe(pc, false);
    this.#deadlines.after('answer', RESTART_MS, () => this.#mend());
  }

  #sendOffer(pc: RTCPeerConnection, fresh: boolean): void {
    const { localDescription } = pc;
    if (pc !== this.#pc || localDescription?.type !== 'offer') return;
    const { type, sdp } = localDescription;
    const sent = { type, sdp: askForSturdyVoice(sdp), offerId: this.#offerId, fresh };
    this.ports.signal({ description: sent });
  }

  async #takeOffer(offer: Described): Promise<void> {
    this.#deadlines.clear('offer');
    const { polite } = this.ports;
    const before = this.#pc;
    const known = sessionOf(before?.remoteDescription?.sdp);
    const continues = known !== undefined && known === sessionOf(offer.sdp);
    if (!continues && offer.fresh === false) {
      // It goes on with a connection we no longer have.
      if (this.#awaitsFirstAnswer()) return;
      await this.#offerFresh();
      return;
    }
    if (!continues && this.#awaitsFirstAnswer() && !polite && before) {
      // Both offered at once and ours stands. It may have been lost: here it is again.
      this.#sendOffer(before, true);
      return;
    }
    if (continues && before?.signalingState !== 'stable' && !polite) return;
    const pc = continues && before ? before : this.#open(false);
    await pc.setRemoteDescription(offer);
    if (!continues) this.#wires = takeWires(pc);
    await send(this.#wires, this.ports.tracks());
    await this.#flush(pc);
    this.#direct();
    await pc.setLocalDescription();
    const { localDescription } = pc;
    if (pc !== this.#pc || !localDescription) return;
    const { type } = localDescription;
    const sdp = askForSturdyVoice(localDescription.sdp);
    const { offerId } = offer;
    this.ports.signal({ description: { type, sdp, ...(offerId !== undefined && { offerId }) } });
    this.#deadlines.clear('answer');
    this.ports.changed();
  }

  #awaitsFirstAnswer(): boolean {
    return this.#pc?.signalingState === 'have-local-offer' && !this.#pc.remoteDescription;
  }

  async #takeAnswer(answer: Described): Promise<void> {
    const pc = this.#pc;
    if (pc?.signalingState !== 'have-local-offer') return;
    if (answer.offerId !== undefined && answer.offerId !== this.#offerId) return;
    await pc.setRemoteDescription(answer);
    this.#deadlines.clear('answer');
    await this.#flush(pc);
    this.ports.changed();
    await this.#agreeOnRefused();
  }

  async #addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    const sdp = this.#pc?.remoteDescription?.sdp;
    if (sdp === undefined) this.#early.push(candidate);
    // A candidate of an earlier attempt, or one that this browser does not understand, does no harm.
    else if (belongs(candidate, sdp))
      await this.#pc?.addIceCandidate(candidate).catch(() => undefined);
  }

  async #flush(pc: RTCPeerConnection): Promise<void> {
    const early = this.#early;
    this.#early = [];
    for (const candidate of early) if (pc === this.#pc) await this.#addCandidate(candidate);
  }

  #open(initiator: boolean): RTCPeerConnection {
    this.#discard();
    this.#initiator = initiator;
    const config: RTCConfiguration = { ...this.ports.ice(), bundlePolicy: 'max-bundle' };
    const pc = this.ports.open ? this.ports.open(config) : new RTCPeerConnection(config);
    this.#pc = pc;
    pc.onicecandidate = ({ candidate }) => {
      if (candidate) this.#deadlines.clear('candidate');
      if (candidate) this.#troubles.found(candidate);
      this.ports.signal({ candidate: candidate ? candidate.toJSON() : null });
    };
    pc.onicecandidateerror = (error) => {
      if (!this.#troubles.heard(error)) return;
      this.ports.refused();
      this.ports.changed();
    };
    pc.onconnectionstatechange = () => this.#look(pc);
    this.#whispers = new Whispers(pc, this.#wants, () => this.ports.changed());
    this.#troubles.begin();
    const patience = initiator ? 0 : PATIENCE_MS;
    const slower = Math.min(this.#tries + 1, 4);
    this.#deadlines.after('candidate', NO_CANDIDATE_MS * slower + patience, () => this.#again());
    this.#deadlines.after('connect', CONNECT_MS * slower + patience, () => this.#again());
    return pc;
  }

  #again(): void {
    this.#tries += 1;
    this.offer();
    this.ports.changed();
  }

  #look(pc: RTCPeerConnection): void {
    if (pc !== this.#pc) return;
    const patience = this.#initiator ? 0 : PATIENCE_MS;
    switch (pc.connectionState) {
      case 'connected':
        this.#everConnected = true;
        this.#tries = 0;
        this.#troubles.end();
        this.#deadlines.clear('candidate', 'connect', 'mend');
        this.#do(() => this.#agreeOnRefused());
        break;
      case 'disconnected':
        this.#troubles.begin();
        this.#deadlines.after('mend', HEAL_MS + patience, () => this.#mend());
        break;
      case 'failed':
        this.#deadlines.after('mend', patience, () => this.#mend());
        break;
    }
    this.ports.changed();
  }

  /** The side of the first offer at once; the other one when nothing came of it. */
  #mendInTurn(): void {
    this.#deadlines.after('mend', this.#initiator ? 0 : PATIENCE_MS, () => this.#mend());
  }

  /** By an ICE restart where there was a connection, else by a new one. */
  #mend(): void {
    const pc = this.#pc;
    if (!this.ports.online()) {
      this.#owed = true;
      return;
    }
    if (!pc?.remoteDescription || !this.#everConnected || pc.connectionState === 'closed') {
      this.offer();
      return;
    }
    this.#do(async () => {
      if (pc !== this.#pc) return;
      // An offer whose answer was lost while we were away is made anew.
      if (pc.signalingState === 'have-local-offer')
        await pc.setLocalDescription({ type: 'rollback' });
      if (pc.signalingState !== 'stable') return;
      // Allocations with expired credentials would be refused.
      pc.setConfiguration({ ...pc.getConfiguration(), ...this.ports.ice() });
      pc.restartIce();
      await this.#describe(pc, false);
      this.#deadlines.after('connect', RESTART_MS, () => {
        if (!this.works) this.#again();
      });
    });
  }

  #discard(): void {
    const pc = this.#pc;
    this.#pc = undefined;
    this.#wires = {};
    this.#early = [];
    this.#whispers = undefined;
    this.#deadlines.clear('candidate', 'connect', 'mend', 'answer');
    if (!pc) return;
    pc.onicecandidate = null;
    pc.onicecandidateerror = null;
    pc.onconnectionstatechange = null;
    pc.close();
  }
}

const refusedText = (slots: ReadonlySet<Slot>): string => [...slots].sort().join();
