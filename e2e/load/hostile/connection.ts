import { type Dialect, outcomeOf } from '../fuzz/dialect.ts';
import { type Frame, type Line, PollingLine, WebSocketLine } from '../fuzz/lines.ts';
import { comesTrue } from '../waiting.ts';
import type { HttpClient } from './http-client.ts';
import type { Counters } from './counters.ts';

/** What the guests' own machine may hold back of what the server does not take yet. */
const backlogBytes = 4 << 20;
const arriveMs = 10_000;
/** Larger packets of MessagePack are read only by who waits for an answer: reading costs the guest much. */
const largePacket = 4_096;

export interface Way {
  dialect: Dialect;
  isPolling: boolean;
}

type OnAck = (ack: unknown) => void;

/** A connection of a guest to `/rooms`: it writes much, and reads only the answers. */
export class Connection {
  readonly #line: Line;
  readonly #waiting = new Map<string, OnAck>();
  /** Events that are put into frames once have ack ids by their names. */
  readonly #named = new Map<string, string>();
  #ackId = 0;
  #isIn = false;
  #isOut = false;

  private constructor(
    http: HttpClient,
    readonly way: Way,
    private readonly counters: Counters,
  ) {
    const base = http.url + way.dialect.path;
    const { localAddress } = http;
    this.#line = way.isPolling
      ? new PollingLine(base, async (address, init) => http.ask(address, init))
      : new WebSocketLine(base, { localAddress, perMessageDeflate: false });
    this.#line.onFrame = (frame) => this.hear(frame);
  }

  /** Resolves to one that is in the namespace, or to none. */
  static async open(
    http: HttpClient,
    way: Way,
    auth: object,
    counters: Counters,
  ): Promise<Connection | undefined> {
    const connection = new Connection(http, way, counters);
    counters.connections++;
    const comes = async (fact: () => boolean) =>
      comesTrue(() => !connection.isOpen || fact(), arriveMs).then(
        () => connection.isOpen && fact(),
      );
    if (await comes(() => connection.#line.isUp)) {
      connection.write(way.dialect.enter(auth));
      if (await comes(() => connection.#isIn)) return connection;
    }
    connection.end();
    return undefined;
  }

  get isOpen(): boolean {
    return !this.#line.isOver && !this.#isOut;
  }

  /** Whether the server takes what is sent no faster than it is sent. */
  get isFull(): boolean {
    return this.#line.backlog > backlogBytes;
  }

  /** The same event again and again is put into frames once. */
  encode(event: string, payload: object): Frame[] {
    return this.way.dialect.ask(this.idOf(event), event, payload);
  }

  private idOf(event: string): number {
    for (const [id, name] of this.#named) if (name === event) return Number(id);
    const id = ++this.#ackId;
    this.#named.set(String(id), event);
    return id;
  }

  /** Sends what was put into frames; not while too much waits. */
  send(event: string, frames: Frame[]): void {
    if (!this.isOpen || this.isFull) return;
    this.counters.sent(event, frames);
    this.write(frames);
  }

  say(event: string, payload: object): void {
    if (this.isOpen && !this.isFull) this.send(event, this.encode(event, payload));
  }

  /** Resolves to the answer, or to none. */
  async ask(event: string, payload: object): Promise<Record<string, unknown> | undefined> {
    const id = String(++this.#ackId);
    let answer: unknown;
    this.#waiting.set(id, (ack) => (answer = ack));
    this.#named.set(id, `${event} `);
    const frames = this.way.dialect.ask(this.#ackId, event, payload);
    this.counters.sent(event, frames);
    this.write(frames);
    await comesTrue(() => answer !== undefined || !this.isOpen, arriveMs);
    this.#waiting.delete(id);
    this.#named.delete(id);
    return answer as Record<string, unknown> | undefined;
  }

  /** Reads nothing from now on. Of a polling connection the next answer is its last. */
  stall(): void {
    if (this.#line instanceof WebSocketLine) this.#line.stall();
  }

  end(): void {
    if (this.#isOut) return;
    this.#isOut = true;
    this.#line.end(false);
  }

  private write(frames: Frame[]): void {
    for (const frame of frames) this.#line.send(frame);
    this.#line.flush();
  }

  private hear(frame: Frame): void {
    const { data, binary } = frame;
    // Events of the room are the most of what comes, and tell a guest nothing.
    if (!binary && /^4(?:2|5)/.test(String(data.slice(0, 2))) && !isError(data)) return;
    if (binary && data.length > largePacket && this.#waiting.size === 0) return;
    try {
      const heard = this.way.dialect.hear(frame);
      if (heard.kind === 'in') this.#isIn = true;
      else if (heard.kind === 'out' || heard.kind === 'refused') this.#isOut = true;
      else if (heard.kind === 'error') this.counters.answered('error', codeOf(heard.data));
      else if (heard.kind === 'ack') {
        const { ackId = '' } = heard;
        this.counters.answered(this.#named.get(ackId)?.trim() ?? 'none', outcomeOf(heard.data));
        this.#waiting.get(ackId)?.(heard.data);
      }
    } catch {
      // Bytes that belong to a packet of JSON.
    }
  }
}

const isError = (data: string | Buffer) =>
  String(data.slice(0, 20)).startsWith('42/rooms,["error"');

const codeOf = (error: unknown) => (error as { code?: string } | undefined)?.code ?? 'none';
