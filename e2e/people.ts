import { randomUUID } from 'node:crypto';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type {
  ClientEvents,
  ErrorInfo,
  MessagePage,
  RoomCreated,
  RoomState,
  SignedIn,
} from '../client/src/protocol/index.ts';

export type Ack<E extends keyof ClientEvents> =
  ({ ok: true } & ClientEvents[E]['ack']) | { ok: false; error: ErrorInfo };

/** Where requests go: a server, or a balancer before several. */
export interface Site {
  readonly url: string;
}

export interface Answer<T> {
  status: number;
  body: T;
}

/** A request was answered with an error. */
export class Refused extends Error {
  constructor(
    path: string,
    status: number,
    readonly info: ErrorInfo,
  ) {
    super(`${path}: ${status} ${info.code}: ${info.message}`);
  }
}

/** Someone with an account, and what one does by HTTP. */
export class Person {
  private constructor(
    private readonly server: Site,
    readonly name: string,
    readonly token: string,
    readonly userId: string,
  ) {}

  static async signUp(server: Site, name: string): Promise<Person> {
    const email = `${name.toLowerCase()}-${randomUUID()}@example.org`;
    const body = { email, password: 'a good password', name };
    const answer = await call<SignedIn>(server, 'POST', '/api/auth/signup', body);
    return new Person(server, name, answer.body.accessToken, answer.body.user.userId);
  }

  /** Someone who has a token already. */
  static signedIn(server: Site, name: string, token: string, userId = ''): Person {
    return new Person(server, name, token, userId);
  }

  /** The same person, whose requests go elsewhere. */
  at(site: Site): Person {
    return new Person(site, this.name, this.token, this.userId);
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    return call<T>(this.server, method, path, body, this.token);
  }

  async createRoom(title = 'Algebra', settings?: object): Promise<RoomCreated> {
    return (await this.call<RoomCreated>('POST', '/api/rooms', { title, settings })).body;
  }

  async history(roomId: string, query = ''): Promise<MessagePage> {
    return this.read<MessagePage>(`/api/rooms/${roomId}/messages${query}`);
  }

  /** Throws what the server refuses. */
  async read<T extends object>(path: string): Promise<T> {
    const { status, body } = await this.call<T | { error: ErrorInfo }>('GET', path);
    if ('error' in body) throw new Refused(path, status, body.error);
    return body;
  }

  connect(options: Partial<ManagerOptions & SocketOptions> = {}): Socket {
    return connect(this.server, { token: this.token }, options);
  }

  /** Connects and joins. */
  async join(
    roomId: string,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ): Promise<{ socket: Socket; state: RoomState }> {
    const socket = this.connect(options);
    const ack = await ask(socket, 'joinRoom', { roomId });
    if (!ack.ok) throw new Error(`not let in: ${ack.error.message}`);
    return { socket, state: ack.roomState };
  }
}

export async function call<T>(
  server: Site,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<Answer<T>> {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (token) headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(server.url + path, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T };
}

const open = new Set<Socket>();

export function connect(
  server: Site,
  auth: object,
  options: Partial<ManagerOptions & SocketOptions> = {},
): Socket {
  const socket = io(`${server.url}/rooms`, {
    auth,
    forceNew: true,
    transports: ['websocket'],
    reconnectionDelay: 50,
    reconnectionDelayMax: 250,
    ...options,
  });
  open.add(socket);
  return socket;
}

/** For `afterEach`: no socket outlives its test. */
export function disconnectAll(): void {
  for (const socket of open) socket.disconnect();
  open.clear();
}

/** Sends and waits for the ack. */
export async function ask<E extends keyof ClientEvents>(
  socket: Socket,
  event: E,
  payload: ClientEvents[E]['payload'],
): Promise<Ack<E>> {
  return (await socket.timeout(10_000).emitWithAck(event, payload)) as Ack<E>;
}

/** The next event of that name that fits. */
export async function next<T>(
  socket: Socket,
  event: string,
  fits: (payload: T) => boolean = () => true,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.off(event, listener);
      reject(new Error(`no ${event} within 10 s`));
    }, 10_000);
    const listener = (payload: T) => {
      if (!fits(payload)) return;
      clearTimeout(timer);
      socket.off(event, listener);
      resolve(payload);
    };
    socket.on(event, listener);
  });
}

/** Why a connection is refused. */
export async function refusal(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('connect_error', (error) => resolve(error.message));
    socket.once('connect', () => reject(new Error('connected')));
  });
}
