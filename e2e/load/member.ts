import { randomUUID } from 'node:crypto';
import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';
import type { JoinRoom } from '../../client/src/protocol/index.ts';
import { ask, connect, type Person, type Site } from '../people.ts';
import type { Tally } from './tally.ts';
import { pause } from './waiting.ts';

/** What a client gives when it joins again, to get only what came later. */
export type Place = Pick<JoinRoom, 'chatSeq' | 'boardSeq'>;

/** How long a client waits before it repeats what was refused without saying when. */
export const againMs = 100;

/** A stock client that joins a room, and joins it again whenever its connection is back. */
export class Member {
  readonly socket: Socket;
  #joined = false;
  #ended = false;

  constructor(
    site: Site,
    person: Person,
    private readonly roomId: string,
    readonly name: string,
    private readonly tally: Tally,
    private readonly when: { place: () => Place; joined: () => void },
    options: Partial<ManagerOptions & SocketOptions> = {},
  ) {
    this.socket = connect(site, { token: person.token, session: randomUUID() }, options);
    this.socket.on('connect', () => void this.join());
    this.socket.on('disconnect', () => {
      this.#joined = false;
      this.comeBack();
    });
    this.socket.on('connect_error', ({ message }) => {
      if (/unauthorized|token_expired/.test(message)) tally.fault(`${name}: refused, ${message}`);
      this.comeBack();
    });
    this.socket.on('error', (error: unknown) => {
      tally.fault(`${name}: event error ${JSON.stringify(error)}`);
    });
  }

  get isJoined(): boolean {
    return this.#joined && this.socket.connected;
  }

  end(): void {
    this.#ended = true;
    this.socket.disconnect();
  }

  private async join(): Promise<void> {
    const connection = this.socket.id;
    while (this.socket.id === connection) {
      const { roomId } = this;
      let ack;
      try {
        ack = await ask(this.socket, 'joinRoom', { roomId, ...this.when.place() });
      } catch {
        // Whether one is in cannot be known any more, and who joins twice is told twice.
        if (this.socket.id === connection) this.socket.disconnect();
        return;
      }
      if (ack.ok) {
        this.#joined = true;
        this.when.joined();
        return;
      }
      const { code, retryable, retryAfterMs } = ack.error;
      if (!retryable) this.tally.fault(`${this.name}: not let in, ${code}`);
      await pause(retryAfterMs ?? againMs);
    }
  }

  /** After a disconnect by name, the stock client does not come back by itself. */
  private comeBack(): void {
    if (this.socket.active || this.#ended) return;
    setTimeout(() => {
      if (!this.#ended) this.socket.connect();
    }, againMs);
  }
}
