import { connect, type Socket } from 'node:net';

/** What a process of strangers is told. */
export interface Order {
  port: number;
  count: number;
  /** Connections opened in a second, until there were so many; a tenth of that in place of ended ones. */
  perSecond: number;
  /** The last numbers of the addresses in 127.0.0.0/24 they come from. */
  addresses: readonly number[];
}

export interface Held {
  opened: number;
  /** How many are open now. */
  open: number;
}

const head = (line: string, more: string) => `${line} HTTP/1.1\r\nHost: localhost\r\n${more}`;

/** What they say before they fall silent. */
const words = [
  '',
  head('GET /api/me', 'X-Half: '),
  head(
    'GET /socket.io/?EIO=4&transport=websocket',
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  ),
  head('GET /socket.io/?EIO=4&transport=polling', '\r\n'),
  head('POST /api/auth/login', 'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{'),
];

/** Holds so many connections open, and opens others for those that the server ends. */
export class Visitors {
  readonly #open = new Set<Socket>();
  readonly #timer: NodeJS.Timeout;
  #opened = 0;

  constructor(private readonly order: Order) {
    let due = 0;
    this.#timer = setInterval(() => {
      due += order.perSecond / (this.#opened < order.count ? 20 : 200);
      for (; due >= 1 && this.#open.size < order.count; due--) this.come();
      due = Math.min(due, 1);
    }, 50);
  }

  get held(): Held {
    return { opened: this.#opened, open: this.#open.size };
  }

  end(): void {
    clearInterval(this.#timer);
    for (const socket of this.#open) socket.destroy();
  }

  private come(): void {
    const { port, addresses } = this.order;
    const n = this.#opened++;
    const localAddress = `127.0.0.${addresses[n % addresses.length] ?? 1}`;
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    this.#open.add(socket);
    socket.on('connect', () => socket.write(words[n % words.length] ?? ''));
    socket.on('error', () => undefined);
    // What comes is not read: only the end is heard.
    socket.on('data', () => undefined);
    socket.on('close', () => this.#open.delete(socket));
  }
}

if (process.send) {
  let visitors: Visitors | undefined;
  process.on('message', (order: Order | 'count') => {
    if (order === 'count') process.send?.(visitors?.held);
    else visitors = new Visitors(order);
  });
  process.on('disconnect', () => process.exit());
}
