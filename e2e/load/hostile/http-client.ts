import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface Reply {
  status: number;
  ok: boolean;
  headers: IncomingHttpHeaders;
  text: () => Promise<string>;
}

export interface Asking {
  method: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Requests of one guest: all from one address of the loopback network, for limits count by address. */
export class HttpClient {
  readonly #agent: Agent;

  constructor(
    /** With a number as its host. */
    readonly url: string,
    readonly localAddress: string,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: 40, localAddress });
  }

  /** @throws where no whole answer comes. */
  async ask(target: string, { method, body, headers = {}, signal }: Asking): Promise<Reply> {
    const bytes = body === undefined || body === null ? undefined : Buffer.from(body as Buffer);
    const length = bytes ? { 'content-length': String(bytes.length) } : {};
    const { localAddress } = this;
    return new Promise((resolve, reject) => {
      const asking = request(
        new URL(target, this.url),
        {
          method,
          agent: this.#agent,
          localAddress,
          headers: { ...length, ...headers },
          timeout: 20_000,
          ...(signal ? { signal } : {}),
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () => {
            const status = answer.statusCode ?? 0;
            const text = Buffer.concat(parts).toString();
            resolve({
              status,
              ok: status >= 200 && status < 300,
              headers: answer.headers,
              text: () => Promise.resolve(text),
            });
          });
        },
      );
      asking.on('timeout', () => asking.destroy(new Error('no answer')));
      asking.on('error', reject);
      asking.end(bytes);
    });
  }

  /** A bare connection. It may be refused, or ended by the server, at any time. */
  connect(): Socket {
    const { hostname, port } = new URL(this.url);
    const { localAddress } = this;
    const socket = connect({ host: hostname, port: Number(port), localAddress });
    socket.on('error', () => undefined);
    return socket;
  }

  end(): void {
    this.#agent.destroy();
  }
}
