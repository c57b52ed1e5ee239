import { WebSocket } from 'ws';
import { comesTrue } from '../waiting.ts';
import { Chance } from './chance.ts';
import { packet, type Shot } from './packets.ts';
import type { Facts } from './payloads.ts';
import type { Tally } from './tally.ts';

const answerLimitMs = 5_000;
/** No odd ack id of the generator is read as one of these. */
const firstAckId = 1_000_000;

/** Sends its share of packets, on one connection after another. */
export async function attack(
  url: string,
  facts: Facts,
  seed: number,
  packets: number,
  tally: Tally,
): Promise<void> {
  const chance = new Chance(seed);
  let left = packets;
  while (left > 0) {
    const line = new Connection(url, tally);
    if (!(await line.enter(facts, chance))) {
      left--;
      continue;
    }
    while (left > 0 && line.isOpen) {
      for (let batch = 32; batch > 0 && left > 0; batch--) {
        const shot = packet(chance, facts, line.nextId());
        // What came before a packet that may end the connection is answered first.
        if (shot.rude && !(await line.isSettled(facts))) break;
        line.send(shot);
        left--;
        if (shot.rude) break;
      }
      if (!(await line.isSettled(facts))) break;
    }
    line.end();
  }
}

class Connection {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, string>();
  #ackId = firstAckId;
  #isIn = false;
  #isOver = false;

  constructor(
    url: string,
    private readonly tally: Tally,
  ) {
    tally.connections++;
    this.#socket = new WebSocket(
      `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
    );
    this.#socket.on('message', (data, isBinary) => {
      if (!isBinary) this.read((data as Buffer).toString());
    });
    this.#socket.on('close', () => (this.#isOver = true));
    this.#socket.on('error', () => (this.#isOver = true));
  }

  get isOpen(): boolean {
    return !this.#isOver;
  }

  nextId(): number {
    return ++this.#ackId;
  }

  /** Connects, now and then with garbage first. Resolves to whether it is in. */
  async enter(facts: Facts, chance: Chance): Promise<boolean> {
    const isUp = () => this.#isOver || this.#socket.readyState === WebSocket.OPEN;
    if (!(await comesTrue(isUp, answerLimitMs))) this.tally.fault('a websocket did not open');
    if (chance.in(0.1)) {
      const { frames, rude } = packet(chance, facts, 1);
      this.send({ frames, rude });
    }
    this.write(`40/rooms,${JSON.stringify({ token: facts.token })}`);
    if (!(await comesTrue(() => this.#isOver || this.#isIn, answerLimitMs))) {
      this.tally.fault('CONNECT was not answered');
      this.end();
    }
    if (!this.isOpen) return false;
    for (const roomId of facts.roomIds) this.ask('joinRoom', { roomId, chatSeq: 1, boardSeq: 1 });
    return true;
  }

  send({ frames, ackId }: Shot): void {
    this.tally.packets++;
    if (ackId !== undefined) this.expect(ackId, String(frames[0]?.data));
    for (const { data, binary } of frames) this.write(data, binary);
  }

  /** Whether all that was asked is answered, and a good request after it, on a live connection. */
  async isSettled(facts: Facts): Promise<boolean> {
    this.ask('room:sync', { roomId: facts.roomIds[0], chatSeq: 1e6 });
    const isDone = () => this.#isOver || this.#pending.size === 0;
    if (!(await comesTrue(isDone, answerLimitMs))) {
      for (const text of this.#pending.values())
        this.tally.fault(`not answered: ${text.slice(0, 300)}`);
      return false;
    }
    return this.isOpen;
  }

  end(): void {
    this.tally.excused += this.#pending.size;
    this.#isOver = true;
    this.#socket.terminate();
  }

  private ask(event: string, payload: object): void {
    const ackId = this.nextId();
    const text = `42/rooms,${ackId}${JSON.stringify([event, payload])}`;
    this.expect(ackId, text);
    this.write(text);
  }

  private expect(ackId: number, text: string): void {
    this.tally.asked++;
    this.#pending.set(ackId, text);
  }

  private write(data: string | Buffer, binary = false): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data, { binary });
  }

  private read(text: string): void {
    if (text === '2') {
      this.write('3');
      return;
    }
    if (text.startsWith('40/rooms,')) this.#isIn = true;
    // The server put it out of the namespace: nothing more is answered there.
    if (text.startsWith('41') || text.startsWith('44/rooms,')) this.#isOver = true;
    const [, id = ''] = /^43\/rooms,(\d+)/.exec(text) ?? [];
    if (id !== '') this.answered(Number(id), text);
    else if (text.startsWith('42/rooms,["error"')) this.tally.refusal(text);
  }

  private answered(ackId: number, text: string): void {
    if (text.includes('"ok":false')) this.tally.refusal(text);
    if (this.#pending.delete(ackId)) this.tally.answered++;
    else if (ackId >= firstAckId && ackId <= this.#ackId) {
      this.tally.fault(`answered, but not asked or twice: ${text.slice(0, 200)}`);
    }
  }
}
