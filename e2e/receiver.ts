import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** An entry of a log, as exports and webhooks have it. */
export interface LogEntry {
  eventId: string;
  roomId: string;
  seq: number;
  userId: string;
  timestamp: number;
  type: string;
  payload: Record<string, unknown>;
}

/** One webhook, as it came. */
export interface Call {
  id: string;
  entry: LogEntry;
  at: number;
  /** What it was answered. */
  status: number;
}

/** Answers a request: a status, and headers beside it. */
export type Reaction = (call: Omit<Call, 'status'>, count: number) => number | [number, object];

/** Someone else's HTTP server, which checks each signature with the specification's own library. */
export class Receiver {
  readonly calls: Call[] = [];
  /** What could not be believed. */
  readonly wrong: string[] = [];
  /** Changed by tests that want trouble. */
  react: Reaction = () => 204;
  #server: Server | undefined;
  #port = 0;

  static readonly secret = `whsec_${randomBytes(32).toString('base64')}`;

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await receiver.listen();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook?key=not-for-logs`;
  }

  /** What the program is told of it. */
  get environment(): Record<string, string> {
    return { WEBHOOK_URLS: this.url, WEBHOOK_SECRET: Receiver.secret, WEBHOOK_TIMEOUT: '1' };
  }

  /** Those it took, by their id. */
  get taken(): Map<string, Call[]> {
    const taken = new Map<string, Call[]>();
    for (const call of this.calls) {
      if (call.status < 300) taken.set(call.id, [...(taken.get(call.id) ?? []), call]);
    }
    return taken;
  }

  /** Listens, on the same port as before. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      this.take(request).then(
        ([status, headers]) => response.writeHead(status, { ...headers }).end(),
        (error: unknown) => {
          this.wrong.push(String(error));
          response.writeHead(500).end();
        },
      );
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Nobody listens any more. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server?.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage): Promise<[number, object]> {
    let body = '';
    for await (const part of request) body += String(part);
    const head = (name: string) => String(request.headers[name]);
    const id = head('webhook-id');
    const event = new Webhook(Receiver.secret).verify(body, {
      'webhook-id': id,
      'webhook-timestamp': head('webhook-timestamp'),
      'webhook-signature': head('webhook-signature'),
    }) as { type: string; timestamp: string; data: LogEntry };
    const entry = event.data;
    if (event.type !== entry.type || Date.parse(event.timestamp) !== entry.timestamp) {
      throw new Error(`not the head of its entry: ${body}`);
    }
    const call = { id, entry, at: performance.now() };
    const count = this.calls.filter((before) => before.id === id).length + 1;
    const reaction = this.react(call, count);
    const [status, headers] = Array.isArray(reaction) ? reaction : [reaction, {}];
    this.calls.push({ ...call, status });
    return [status, headers];
  }
}
