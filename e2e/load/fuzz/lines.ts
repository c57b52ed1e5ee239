import { type ClientOptions, WebSocket } from 'ws';

/** One message of Engine.IO. Bytes may go as text, to break its UTF-8. */
export interface Frame {
  data: string | Buffer;
  binary: boolean;
}

/** A connection by one of the transports, up to Engine.IO. */
export interface Line {
  readonly isUp: boolean;
  readonly isOver: boolean;
  /** Bytes that were given to it and are not on their way yet. */
  readonly backlog: number;
  onFrame: (frame: Frame) => void;
  /** May be held back until `flush`. */
  send(frame: Frame): void;
  flush(): void;
  /** Ends it; a polite one tells the server. */
  end(isPolite: boolean): void;
}

export const textFrame = (data: string): Frame => ({ data, binary: false });

export class WebSocketLine implements Line {
  readonly #socket: WebSocket;
  #isOver = false;
  onFrame: (frame: Frame) => void = () => undefined;

  /**
   * @param base address and path, with a slash at the end.
   * @param options for one who connects from another address.
   */
  constructor(base: string, options: ClientOptions = {}) {
    const address = `${base.replace('http', 'ws')}?EIO=4&transport=websocket`;
    this.#socket = new WebSocket(address, options);
    this.#socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      if (!isBinary && bytes.toString() === '2') this.send(textFrame('3'));
      else this.onFrame({ data: isBinary ? bytes : bytes.toString(), binary: isBinary });
    });
    this.#socket.on('close', () => (this.#isOver = true));
    this.#socket.on('error', () => (this.#isOver = true));
  }

  get isUp(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get backlog(): number {
    return this.#socket.bufferedAmount;
  }

  /** Reads nothing from now on. */
  stall(): void {
    if (this.isUp) this.#socket.pause();
  }

  send({ data, binary }: Frame): void {
    if (this.isUp) this.#socket.send(data, { binary });
  }

  flush(): void {
    // Frames go at once.
  }

  end(isPolite: boolean): void {
    this.#isOver = true;
    if (isPolite && this.isUp) this.#socket.close();
    else this.#socket.terminate();
  }
}

/** An HTTP request; `fetch` is one. */
export type Requesting = (
  address: string,
  init: { method: string; body: BodyInit | null; signal: AbortSignal },
) => Promise<{ ok: boolean; text: () => Promise<string> }>;

const separator = '\u001e';
/** Far below what the server takes at once. */
const postBytes = 1_000_000;

export class PollingLine implements Line {
  #sid = '';
  #isOver = false;
  #held: Frame[] = [];
  #backlog = 0;
  #posts: Promise<void> = Promise.resolve();
  readonly #end = new AbortController();
  onFrame: (frame: Frame) => void = () => undefined;

  /** @param requesting for one who asks from another address. */
  constructor(
    private readonly base: string,
    private readonly requesting: Requesting = fetch,
  ) {
    void this.poll();
  }

  get isUp(): boolean {
    return this.#sid !== '';
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get backlog(): number {
    return this.#backlog;
  }

  send(frame: Frame): void {
    this.#held.push(frame);
    this.#backlog += frame.data.length;
  }

  flush(): void {
    let body: Buffer[] = [];
    let size = 0;
    let held = 0;
    const post = () => {
      if (body.length === 0) return;
      const whole = Buffer.concat(body);
      const given = held;
      this.#posts = this.#posts
        .then(() => this.post(whole))
        .then(() => {
          this.#backlog -= given;
        });
      body = [];
      size = 0;
      held = 0;
    };
    for (const { data, binary } of this.#held.splice(0)) {
      const bytes = binary
        ? Buffer.from(`b${Buffer.from(data as Buffer).toString('base64')}`)
        : Buffer.from(data as string);
      if (size + bytes.length > postBytes) post();
      body.push(Buffer.from(body.length === 0 ? '' : separator), bytes);
      size += bytes.length;
      held += data.length;
    }
    post();
  }

  end(isPolite: boolean): void {
    const goodbye = isPolite && this.isUp && !this.#isOver;
    this.#isOver = true;
    this.#end.abort();
    // The session may be gone already.
    if (goodbye) void fetch(this.address, { method: 'POST', body: '1' }).catch(() => undefined);
  }

  private get address(): string {
    return `${this.base}?EIO=4&transport=polling${this.#sid && `&sid=${this.#sid}`}`;
  }

  /** Reads until the end. */
  private async poll(): Promise<void> {
    while (!this.#isOver) {
      const text = await this.request('GET');
      for (const part of text?.split(separator) ?? []) this.read(part);
    }
  }

  private read(part: string): void {
    if (part.startsWith('0')) this.#sid = (JSON.parse(part.slice(1)) as { sid: string }).sid;
    else if (part === '2') {
      this.#posts = this.#posts.then(() => this.post(Buffer.from('3')));
    } else if (part === '1') this.#isOver = true;
    else if (part.startsWith('b'))
      this.onFrame({ data: Buffer.from(part.slice(1), 'base64'), binary: true });
    else this.onFrame(textFrame(part));
  }

  private async post(body: Buffer): Promise<void> {
    if (!this.#isOver) await this.request('POST', body);
  }

  /** Whatever is not answered well ends the line. */
  private async request(method: string, body: Buffer | null = null): Promise<string | undefined> {
    try {
      const { signal } = this.#end;
      const init = { method, body: body as BodyInit | null, signal };
      const response = await this.requesting(this.address, init);
      const text = await response.text();
      if (response.ok) return text;
    } catch {
      // Cut off, by either side.
    }
    this.#isOver = true;
    return undefined;
  }
}
