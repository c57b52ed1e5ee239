import { randomUUID } from 'node:crypto';
import type { SignedIn } from '../../../client/src/protocol/index.ts';
import { Chance } from '../fuzz/chance.ts';
import { json } from '../fuzz/json.ts';
import { packed } from '../fuzz/packed.ts';
import { restOr } from './at-rate.ts';
import { HttpClient, type Reply } from './http-client.ts';
import type { Counters } from './counters.ts';
import { type Way, Connection } from './connection.ts';

/** Where the guests attack. */
export interface Target {
  /** With a number as its host. */
  url: string;
  /** Where honest people are too. */
  attacked: string;
  /** Where the guests are among themselves, and may wipe the board. */
  own: string;
  /** Where one waits for a moderator. */
  waiting: string;
  /** Of the attacked room: whoever has it sees what the room is called. */
  code: string;
}

/** Who a guest is, in a room. */
export interface Identity {
  roomId: string;
  token: string;
  userId: string;
}

/** What is there to be named. The newest come last. */
export interface Known {
  messageId: string;
  taskId: string;
  versionId: string;
  fileId: string;
  uploadId: string;
  socketIds: string[];
}

const reopenMs = 250;
export const password = 'a good password';

/** One hostile person, with an address, an account, and a place without one in the attacked room. */
export class Guest {
  readonly http: HttpClient;
  readonly chance: Chance;
  readonly email = `${randomUUID()}@example.org`;
  readonly known: Known = {
    messageId: 'none',
    taskId: 'none',
    versionId: 'none',
    fileId: 'none',
    uploadId: 'none',
    socketIds: ['none'],
  };
  /** Without an account, in the attacked room. */
  visitor!: Identity;
  /** With an account, in the guests' own room. */
  account!: Identity;
  cookie = '';

  constructor(
    readonly number: number,
    seed: number,
    readonly target: Target,
    readonly counters: Counters,
  ) {
    this.http = new HttpClient(target.url, `127.0.7.${number + 1}`);
    this.chance = new Chance(seed + number);
  }

  async arrive(): Promise<void> {
    const { email } = this;
    const signUp = await this.signIn('signup', { email, password, name: `Hostile ${this.number}` });
    this.account = { roomId: this.target.own, ...signUp };
    const { attacked: roomId } = this.target;
    const guest = await this.signIn('guest', { name: `Guest ${this.number}`, roomId });
    this.visitor = { roomId, ...guest };
  }

  /** One of the two, and thereby one of the rooms. */
  get someone(): Identity {
    return this.chance.in(0.5) ? this.visitor : this.account;
  }

  /** One of the transports and parsers. */
  get way(): Way {
    return { dialect: this.chance.of([json, json, packed]), isPolling: this.chance.in(0.3) };
  }

  /** By websocket and JSON, which costs the guest least. */
  readonly quickest: Way = { dialect: json, isPolling: false };

  /** Resolves to a connection in the room, or to none. */
  async enter({ token, roomId }: Identity, way = this.way): Promise<Connection | undefined> {
    const auth = { token, session: randomUUID() };
    const connection = await Connection.open(this.http, way, auth, this.counters);
    const ack = await connection?.ask('joinRoom', { roomId, chatSeq: 1e9, boardSeq: 1e9 });
    const state = ack?.['roomState'] as
      { you: { socketId: string }; participants: { socketId: string }[] } | undefined;
    if (!connection || !state) {
      connection?.end();
      return undefined;
    }
    const ids = state.participants.slice(-20).map(({ socketId }) => socketId);
    this.known.socketIds = [...ids, state.you.socketId];
    return connection;
  }

  /** Resolves to a connection that waits to be let in, or to none. */
  async knock(roomId: string): Promise<Connection | undefined> {
    const auth = { token: this.account.token, session: randomUUID() };
    const connection = await Connection.open(this.http, this.quickest, auth, this.counters);
    await connection?.ask('joinRoom', { roomId });
    return connection;
  }

  /** Uses a connection until the end, and opens another one whenever it is over. */
  async throughout(
    identity: Identity,
    end: AbortSignal,
    use: (connection: Connection, over: AbortSignal) => Promise<void>,
    way = this.way,
  ): Promise<void> {
    while (!end.aborted) {
      const connection = await this.enter(identity, way);
      if (connection) {
        const over = new AbortController();
        const watch = setInterval(() => {
          if (end.aborted || !connection.isOpen) over.abort();
        }, 50);
        await use(connection, over.signal);
        clearInterval(watch);
        if (!connection.isOpen) this.counters.note('connections ended by the server');
        connection.end();
      }
      await restOr(end, reopenMs);
    }
  }

  /** A request by the route's name in the OpenAPI document. Resolves to none where there is no answer. */
  async call(
    route: string,
    target: string,
    { body, token, headers = {} }: { body?: object; token?: string; headers?: object } = {},
  ): Promise<Reply | undefined> {
    const [method = 'GET'] = route.split(' ');
    const sent = {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    };
    const asking = { method, headers: sent, body: body && JSON.stringify(body) };
    const reply = await this.http.ask(target, asking).catch(() => undefined);
    this.counters.called(route, reply?.status ?? 0);
    return reply;
  }

  end(): void {
    this.http.end();
  }

  private async signIn(
    how: 'signup' | 'guest',
    body: object,
  ): Promise<{ token: string; userId: string }> {
    const path = `/api/auth/${how}`;
    const reply = await this.call(`POST ${path}`, path, { body });
    if (!reply?.ok) throw new Error(`${how}: ${reply?.status}: ${await reply?.text()}`);
    if (how === 'signup') this.cookie = cookieOf(reply);
    const { accessToken, user } = JSON.parse(await reply.text()) as SignedIn;
    return { token: accessToken, userId: user.userId };
  }
}

/** The refresh token, as it is sent back. */
export function cookieOf({ headers }: Reply): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}
