import { once } from 'node:events';
import { WebSocket } from 'ws';

/**
 * The least of a Socket.IO client: a stock one spends several times as much on a packet as the server,
 * and would be measured in its place.
 */
export class Line {
  readonly #waiting = new Map<number, (answer: string) => void>();
  #ackId = 0;
  #connected: () => void = () => undefined;
  /** Of every event, as it came. */
  onEvent: (frame: string) => void = () => undefined;
  /** Why it ended, if it was not by us. */
  failure: string | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.read((data as Buffer).toString('latin1')));
    socket.on('close', (code) => this.fail(`a connection was closed: ${code}`));
    socket.on('error', (error) => this.fail(String(error)));
  }

  static async open(url: string, token: string): Promise<Line> {
    const place = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const options = { perMessageDeflate: false, skipUTF8Validation: true };
    const line = new Line(new WebSocket(place, options));
    await once(line.socket, 'open');
    const connected = new Promise<void>((resolve) => (line.#connected = resolve));
    line.socket.send(`40/rooms,${JSON.stringify({ token })}`);
    await connected;
    if (line.failure !== undefined) throw new Error(line.failure);
    return line;
  }

  /** Sends an event, and calls back with the frame that answers it. */
  ask(event: string, payload: object, answered: (frame: string) => void): void {
    const ackId = ++this.#ackId;
    this.#waiting.set(ackId, answered);
    this.socket.send(`42/rooms,${ackId}${JSON.stringify([event, payload])}`);
  }

  end(): void {
    this.socket.removeAllListeners('close');
    this.socket.terminate();
  }

  private read(frame: string): void {
    if (frame.startsWith('42/rooms,')) this.onEvent(frame);
    else if (frame.startsWith('43/rooms,')) this.answer(frame);
    else if (frame === '2') this.socket.send('3');
    else if (frame.startsWith('40/rooms,')) this.#connected();
    else if (frame.startsWith('44') || frame.startsWith('41')) this.fail(frame);
  }

  private fail(why: string): void {
    this.failure ??= why;
    this.#connected();
  }

  private answer(frame: string): void {
    const ackId = Number.parseInt(frame.slice('43/rooms,'.length), 10);
    const answered = this.#waiting.get(ackId);
    this.#waiting.delete(ackId);
    answered?.(frame);
  }
}

export const isOk = (frame: string) => frame.includes('"ok":true');
