import { createSocket, type RemoteInfo, type Socket as Datagrams } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server as Listener, type Socket } from 'node:net';

/** Someone's way to the network, which can be cut: TCP and UDP are passed on to other ports. */
export class Line {
  readonly #streams = new Set<Socket>();
  readonly #outward = new Map<number, Datagrams>();
  #cut = false;
  #everyLost = Infinity;
  #packets = 0;
  #serverPort = 0;

  private constructor(
    private readonly tcp: Listener,
    private readonly udp: Datagrams,
    /** Where pages are asked for. */
    readonly tcpPort: number,
    /** Where the relay is asked for. */
    readonly udpPort: number,
    private readonly relayPort: number,
  ) {}

  static async lay(relayPort: number): Promise<Line> {
    const tcp = createServer();
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const udp = createSocket('udp4');
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const address = tcp.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const line = new Line(tcp, udp, address.port, udp.address().port, relayPort);
    tcp.on('connection', (near) => line.passOn(near));
    udp.on('message', (packet, from) => line.send(packet, from));
    return line;
  }

  /** What this line leads to, where it is not cut. */
  leadTo(serverUrl: string): void {
    this.#serverPort = Number(new URL(serverUrl).port);
  }

  get url(): string {
    return `http://localhost:${this.tcpPort}`;
  }

  /** What was connected breaks off, and nothing goes through. */
  cut(): void {
    this.#cut = true;
    for (const stream of this.#streams) stream.destroy();
  }

  mend(): void {
    this.#cut = false;
    this.#everyLost = Infinity;
  }

  /** Of the packets to the relay every so many are lost. */
  loseEvery(nth: number): void {
    this.#everyLost = nth;
  }

  dispose(): void {
    this.tcp.close();
    for (const stream of this.#streams) stream.destroy();
    for (const socket of this.#outward.values()) socket.close();
    this.udp.close();
  }

  private passOn(near: Socket): void {
    if (this.#cut) {
      near.destroy();
      return;
    }
    const far = connect(this.#serverPort, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#streams.add(one);
      one.on('data', (data) => other.write(data));
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#streams.delete(one);
        other.destroy();
      });
    }
  }

  private send(packet: Buffer, from: RemoteInfo): void {
    this.#packets += 1;
    if (this.#cut || this.#packets % this.#everyLost === 0) return;
    let socket = this.#outward.get(from.port);
    if (!socket) {
      socket = createSocket('udp4');
      socket.on('message', (answer) => {
        if (!this.#cut) this.udp.send(answer, from.port, from.address);
      });
      this.#outward.set(from.port, socket);
    }
    socket.send(packet, this.relayPort, '127.0.0.1');
  }
}
