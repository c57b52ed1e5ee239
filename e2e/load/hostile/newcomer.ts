import { randomUUID } from 'node:crypto';
import type { MessagePage, SignedIn } from '../../../client/src/protocol/index.ts';
import { ask, call, Person, type Site } from '../../people.ts';
import { comesTrue } from '../waiting.ts';

/** Milliseconds that someone waited who came anew. */
export interface ArrivalLatencies {
  signIn: number[];
  /** Into the room, with a page of its messages. */
  join: number[];
}

export const noArrivalLatencies = (): ArrivalLatencies => ({ signIn: [], join: [] });

const everyMs = 3_000;

/** Someone who signs in with the right password, comes into a room, reads, and goes; again and again. */
export class Newcomer {
  arrivals = noArrivalLatencies();
  readonly faults: string[] = [];
  #isOver = false;
  #coming: Promise<void> = Promise.resolve();

  private constructor(
    private readonly site: Site,
    private readonly roomId: string,
    private readonly credentials: { email: string; password: string },
  ) {}

  static async signUp(site: Site, roomId: string): Promise<Newcomer> {
    const credentials = { email: `${randomUUID()}@example.org`, password: 'a good password' };
    const body = { ...credentials, name: 'Newcomer' };
    const { status } = await call(site, 'POST', '/api/auth/signup', body);
    if (status !== 201) throw new Error(`${status} to a newcomer`);
    return new Newcomer(site, roomId, credentials);
  }

  begin(): void {
    this.#coming = this.comeAgain();
  }

  take(): ArrivalLatencies {
    const taken = this.arrivals;
    this.arrivals = noArrivalLatencies();
    return taken;
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#coming;
  }

  private async comeAgain(): Promise<void> {
    while (!this.#isOver) {
      const nextAt = performance.now() + everyMs;
      await this.come().catch((error: unknown) => this.faults.push(`newcomer: ${String(error)}`));
      await comesTrue(() => this.#isOver, nextAt - performance.now());
    }
  }

  private async come(): Promise<void> {
    const { site, roomId, credentials } = this;
    const beganAt = performance.now();
    const { status, body } = await call<SignedIn>(site, 'POST', '/api/auth/login', credentials);
    this.arrivals.signIn.push(performance.now() - beganAt);
    if (status !== 200) throw new Error(`signing in: ${status} ${JSON.stringify(body)}`);
    const person = Person.signedIn(site, 'Newcomer', body.accessToken);
    const knockedAt = performance.now();
    const socket = person.connect();
    try {
      const ack = await ask(socket, 'joinRoom', { roomId }).catch(() => undefined);
      // Whoever gives up has waited too, and it is for the bounds to say whether too long.
      if (!ack) this.arrivals.join.push(performance.now() - knockedAt);
      else if (!ack.ok) throw new Error(`joining: ${ack.error.code} ${ack.error.message}`);
      else {
        await person.read<MessagePage>(`/api/rooms/${roomId}/messages`);
        this.arrivals.join.push(performance.now() - knockedAt);
      }
    } finally {
      socket.disconnect();
    }
  }
}
