import { comesTrue } from '../waiting.ts';
import { Answers } from './answers.ts';
import { type Dialect, type Heard, outcomeOf, type Shot } from './dialect.ts';
import type { Frame, Line } from './lines.ts';
import type { Tally } from './tally.ts';

/** No odd ack id of the generator is read as one of these. */
const firstAckId = 1_000_000;

/** What came back, for whoever learns from it. */
export type OnAck = (event: string, ack: unknown) => void;

/** One socket of `/rooms`, with an account of what it asked. */
export class Visitor {
  readonly #answers: Answers;
  readonly #events = new Map<string, string>();
  #ackId = firstAckId;
  #isIn = false;
  #isOut = false;
  #isRude = false;
  /** Why CONNECT was refused. */
  refusal: string | undefined;
  onAck: OnAck = () => undefined;

  constructor(
    private readonly line: Line,
    readonly dialect: Dialect,
    private readonly tally: Tally,
    private readonly limitMs: number,
  ) {
    tally.connections++;
    this.#answers = new Answers(tally);
    line.onFrame = (frame) => this.read(frame);
  }

  get isOpen(): boolean {
    return !this.line.isOver && !this.#isOut;
  }

  readonly nextId = (): number => ++this.#ackId;

  /** Resolves to whether Engine.IO is open. */
  async open(): Promise<boolean> {
    if (await this.comes(() => this.line.isUp)) return this.isOpen;
    this.tally.fault(`${this.dialect.name}: Engine.IO did not open`);
    return false;
  }

  /** CONNECT. Resolves to whether it is in; not answered is a fault. */
  async enter(auth: object): Promise<boolean> {
    this.write(this.dialect.enter(auth));
    this.line.flush();
    if (!(await this.comes(() => this.#isIn || this.refusal !== undefined))) {
      this.tally.fault(`${this.dialect.name}: CONNECT was not answered`);
    }
    if (this.refusal !== undefined) this.tally.count(this.refusal);
    return this.#isIn && this.isOpen;
  }

  ask(event: string, payload: object, must?: string): void {
    const ackId = this.nextId();
    const frames = this.dialect.ask(ackId, event, payload);
    const shot: Shot = { frames, ackId: String(ackId), event, rude: false };
    if (must !== undefined) shot.must = must;
    this.send(shot);
    this.tally.packets--;
  }

  send({ frames, ackId, event, must, rude }: Shot): void {
    this.#isRude ||= rude;
    this.tally.packets++;
    if (ackId !== undefined) {
      this.#events.set(ackId, event ?? '');
      const text = String(frames[0]?.data).replaceAll(/[^ -~]/g, '.');
      this.#answers.ask(ackId, `${this.dialect.name} ${event ?? ''} ${text}`, must);
    }
    this.write(frames);
  }

  /** Whether all that was asked is answered, on a connection that lives. */
  async isSettled(): Promise<boolean> {
    this.line.flush();
    if (await this.comes(() => this.#answers.areAllIn)) return this.isOpen;
    // Who says goodbye to the namespace is not answered any more; what is asked next ends it all.
    if (this.#isRude && (await this.isGone())) return false;
    this.#answers.missed();
    return this.isOpen;
  }

  end(isPolite: boolean): void {
    this.#answers.excuse();
    this.line.end(isPolite);
  }

  private async isGone(): Promise<boolean> {
    for (const frame of this.dialect.ask(this.nextId(), 'room:sync', {})) this.line.send(frame);
    this.line.flush();
    await this.comes(() => false);
    return !this.isOpen;
  }

  private async comes(fact: () => boolean): Promise<boolean> {
    return comesTrue(() => !this.isOpen || fact(), this.limitMs);
  }

  private write(frames: Frame[]): void {
    for (const frame of frames) this.line.send(frame);
  }

  private read(frame: Frame): void {
    let heard: Heard;
    try {
      heard = this.dialect.hear(frame);
    } catch (error) {
      this.tally.fault(`${this.dialect.name}: not to be read: ${String(error)}`);
      return;
    }
    const { kind, ackId = '', data } = heard;
    if (kind === 'in') this.#isIn = true;
    // Outside of the namespace nothing more is answered.
    else if (kind === 'out') this.#isOut = true;
    else if (kind === 'refused') this.refusal = String(data);
    else if (kind === 'error') this.tally.count((data as { code: string }).code);
    else if (kind === 'ack') {
      this.#answers.answer(ackId, outcomeOf(data), JSON.stringify(data, plain));
      this.onAck(this.#events.get(ackId) ?? '', data);
    }
  }
}

const plain = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;
