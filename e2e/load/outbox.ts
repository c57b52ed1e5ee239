import type { ClientEvents, ErrorCode, ErrorInfo } from '../../client/src/protocol/index.ts';
import type { Ack } from '../people.ts';
import { againMs, type Member } from './member.ts';
import type { Tally } from './tally.ts';

type Writing = 'chat:message' | 'whiteboard:draw';

/** What is written, and how its ack is read. */
export interface Trade<E extends Writing> {
  event: E;
  payload: (id: string) => ClientEvents[E]['payload'];
  /** The place that the ack tells, or what is wrong with it. */
  read: (id: string, ack: ClientEvents[E]['ack']) => number | string;
  /** Sent and not acknowledged, at most. */
  inFlight: number;
  /** From one new entry to the next. */
  gapMs: number;
  /** So that neither time nor memory nor a board grows without bound. */
  most: number;
  /** A refusal that is final: such an entry is not sent again, and nothing is wrong with that. */
  final?: ErrorCode;
}

interface Item {
  id: string;
  twin: 'none' | 'together' | 'later';
  acked: boolean;
  /** Neither refused nor timed out: the promise of order holds for it. */
  steady: boolean;
}

const ackTimeoutMs = 10_000;

/** One writer: sends as fast as acks come, and keeps what is not acknowledged to send it again. */
export class Outbox<E extends Writing> {
  /** All ever sent, in order. */
  readonly items: Item[] = [];
  #pending: Item[] = [];
  #unanswered = 0;
  #stopped = false;
  #again: NodeJS.Timeout | undefined;
  #gap: NodeJS.Timeout | undefined;
  #lastAckAt = 0;

  constructor(
    readonly member: Member,
    private readonly trade: Trade<E>,
    private readonly tally: Tally,
  ) {
    member.socket.on('disconnect', () => {
      this.#unanswered = 0;
      clearTimeout(this.#again);
      this.#again = undefined;
    });
  }

  /** Whether something was acknowledged since, or nothing is left to send. */
  isServedSince(time: number): boolean {
    const isDone = this.items.length >= this.trade.most && this.#pending.length === 0;
    return this.#lastAckAt > time || isDone;
  }

  get unsettled(): string[] {
    return this.#pending.map((item) => item.id);
  }

  get isSettled(): boolean {
    return this.#pending.length === 0 && this.#unanswered === 0;
  }

  /** Sends nothing new from now on. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#gap);
  }

  /** All that is not acknowledged goes again, in order and before anything new. */
  resend(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    for (const item of this.#pending) {
      this.tally.resent++;
      this.emit(item);
    }
    this.pump();
  }

  private pump(): void {
    const { gapMs, inFlight, most } = this.trade;
    while (
      !this.#stopped &&
      this.member.isJoined &&
      this.#again === undefined &&
      this.#gap === undefined &&
      this.#pending.length < inFlight &&
      this.items.length < most
    ) {
      this.sendNext();
      if (gapMs > 0) this.#gap = setTimeout(() => this.endGap(), gapMs);
    }
  }

  private endGap(): void {
    this.#gap = undefined;
    this.pump();
  }

  private sendNext(): void {
    const number = this.items.length + 1;
    const twin = number % 10 === 0 ? 'together' : number % 5 === 0 ? 'later' : 'none';
    const item: Item = { id: `${this.member.name}-${number}`, twin, acked: false, steady: true };
    this.items.push(item);
    this.#pending.push(item);
    this.tally.sent++;
    this.emit(item);
    if (twin === 'together') this.emitTwin(item);
  }

  private emitTwin(item: Item): void {
    this.tally.duplicates++;
    this.emit(item);
  }

  private emit(item: Item): void {
    const connection = this.member.socket.id;
    this.#unanswered++;
    this.member.socket
      .timeout(ackTimeoutMs)
      .emit(
        this.trade.event,
        this.trade.payload(item.id),
        (failure: Error | null, ack: Ack<E> | undefined) => {
          // What an ended connection had under way is sent again by the next one.
          if (this.member.socket.id !== connection) return;
          this.#unanswered--;
          if (failure || !ack) this.repeat(item, againMs);
          else if (ack.ok) this.acknowledge(item, ack);
          else this.refuse(item, ack.error);
          this.pump();
        },
      );
  }

  private acknowledge(item: Item, ack: ClientEvents[E]['ack']): void {
    const seq = this.trade.read(item.id, ack);
    if (typeof seq === 'string') this.tally.fault(`${item.id}: ${seq}`);
    else this.tally.acks.push({ id: item.id, seq });
    this.#lastAckAt = performance.now();
    if (item.acked) return;
    item.acked = true;
    this.#pending = this.#pending.filter((other) => other !== item);
    if (item.twin === 'later') this.emitTwin(item);
  }

  private refuse(item: Item, error: ErrorInfo): void {
    if (error.code === this.trade.final) {
      this.tally.final++;
      this.#lastAckAt = performance.now();
      this.#pending = this.#pending.filter((other) => other !== item);
      return;
    }
    this.tally.refused++;
    if (error.code !== 'unavailable' && error.code !== 'rate_limited') {
      this.tally.fault(`${item.id}: refused, ${error.code} (${error.message})`);
    }
    this.repeat(item, error.retryAfterMs ?? againMs);
  }

  private repeat(item: Item, afterMs: number): void {
    if (item.acked) return;
    item.steady = false;
    this.#again ??= setTimeout(() => this.resend(), afterMs);
  }
}
