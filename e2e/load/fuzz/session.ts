import { WebSocket } from 'ws';
import { comesTrue } from '../waiting.ts';
import { Answers } from './answers.ts';
import type { Cast } from './cast.ts';
import { type Dialect, outcomeOf } from './dialect.ts';
import { type Frame, textFrame } from './lines.ts';
import type { Tally } from './tally.ts';

const limitMs = 10_000;
const separator = '\u001e';

/** A session that begins by polling. */
export class Session {
  readonly #answers: Answers;
  readonly #ways: WebSocket[] = [];
  readonly #end = new AbortController();
  #ackId = 1_000_000;
  #acks = 0;
  #isIn = false;
  sid = '';
  sent = 0;

  constructor(
    private readonly url: string,
    private readonly cast: Cast,
    readonly dialect: Dialect,
    private readonly tally: Tally,
  ) {
    this.#answers = new Answers(tally);
    tally.connections++;
  }

  async enter(): Promise<void> {
    const opened = await this.request('GET');
    this.sid = /"sid":"([^"]+)"/.exec(opened ?? '')?.[1] ?? '';
    await this.post(this.dialect.enter({ token: this.cast.tokens.lead, session: 'upgrades' }));
    while (!this.#isIn) this.hear(await this.get());
  }

  /** A websocket that is open, or was refused. */
  async dial(sid = this.sid, dialect = this.dialect): Promise<WebSocket> {
    const query = `EIO=4&transport=websocket&sid=${sid}`;
    const way = new WebSocket(`${this.url.replace('http', 'ws')}${dialect.path}?${query}`);
    this.#ways.push(way);
    way.on('error', () => undefined);
    way.on('message', (data, binary) =>
      this.read({ data: binary ? (data as Buffer) : (data as Buffer).toString(), binary }),
    );
    const isKnown = () => way.readyState !== WebSocket.CONNECTING;
    if (!(await comesTrue(isKnown, limitMs))) throw new Error('neither opened nor refused');
    return way;
  }

  async probe(): Promise<WebSocket> {
    const way = await this.dial();
    const answered = new Promise<string>((resolve) =>
      way.once('message', (data) => resolve((data as Buffer).toString())),
    );
    let probed = '';
    void answered.then((text) => (probed = text));
    this.say(way, textFrame('2probe'));
    if (!(await comesTrue(() => probed !== '', limitMs))) throw new Error('no answer to the probe');
    if (probed !== '3probe') throw new Error(`${probed} to the probe`);
    return way;
  }

  say(way: WebSocket, { data, binary }: Frame): void {
    this.count();
    if (way.readyState === WebSocket.OPEN) way.send(data, { binary });
  }

  /** Room states need not be asked for: a refusal is an answer. */
  ask(send: (frame: Frame) => void, isSure = true): void {
    const ackId = ++this.#ackId;
    const payload = { roomId: this.cast.home, chatSeq: 0 };
    if (isSure) this.#answers.ask(String(ackId), 'room:sync in an upgrade', 'not_in_room');
    for (const frame of this.dialect.ask(ackId, 'room:sync', payload)) send(frame);
  }

  async postAsk(): Promise<void> {
    const frames: Frame[] = [];
    this.ask((frame) => frames.push(frame));
    await this.post(frames);
  }

  /** Any answer. */
  async hears(): Promise<void> {
    if (!(await comesTrue(() => this.#acks > 0, limitMs))) throw new Error('nothing is answered');
  }

  async isAnswered(): Promise<void> {
    if (!(await comesTrue(() => this.#answers.areAllIn, limitMs))) this.#answers.missed();
  }

  /** The server ends it. */
  async ends(way: WebSocket): Promise<void> {
    const isOver = () => way.readyState === WebSocket.CLOSED;
    if (!(await comesTrue(isOver, limitMs))) throw new Error('the websocket was left open');
  }

  async get(): Promise<string | undefined> {
    return this.request('GET');
  }

  async post(frames: Frame[], right?: 'refused'): Promise<void> {
    this.count();
    const parts = frames.map(({ data, binary }) =>
      binary ? `b${(data as Buffer).toString('base64')}` : String(data),
    );
    const answer = await this.request('POST', parts.join(separator));
    if (right === 'refused' && answer !== undefined) throw new Error('the old way still takes');
  }

  /** What a polling request brought. */
  hear(text: string | undefined): void {
    if (text === undefined) throw new Error('the session ended');
    for (const part of text.split(separator)) {
      const binary = part.startsWith('b');
      this.read({ data: binary ? Buffer.from(part.slice(1), 'base64') : part, binary });
    }
  }

  end(): void {
    this.#answers.excuse();
    this.#end.abort();
    for (const way of this.#ways) way.terminate();
  }

  private count(): void {
    this.sent++;
    this.tally.packets++;
  }

  private read(frame: Frame): void {
    if (!frame.binary && !String(frame.data).startsWith('4')) return;
    const { kind, ackId = '', data } = this.dialect.hear(frame);
    if (kind === 'in') this.#isIn = true;
    else if (kind === 'refused') throw new Error(`CONNECT was refused: ${String(data)}`);
    else if (kind === 'ack') {
      this.#acks++;
      this.#answers.answer(ackId, outcomeOf(data), JSON.stringify(data));
    }
  }

  /** What was answered well, or undefined. No answer in time, or one of a broken server, is an error. */
  private async request(method: string, body: string | null = null): Promise<string | undefined> {
    const sid = this.sid && `&sid=${this.sid}`;
    const address = `${this.url}${this.dialect.path}?EIO=4&transport=polling${sid}`;
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(limitMs * 2)]);
    const response = await fetch(address, { method, body, signal });
    const text = await response.text();
    this.tally.note(`polling ${response.status}`);
    if (response.status >= 500) throw new Error(`${response.status}: ${text.slice(0, 100)}`);
    return response.ok ? text : undefined;
  }
}
