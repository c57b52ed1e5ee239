import { createSocket, type RemoteInfo, type Socket as Datagrams } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server as Listener, type Socket } from 'node:net';

/** Someone's way to the network, which can be cut: TCP and UDP are passed on to other ports. */
export class Line {
  readonly #streams = new Set<Socket>();
  readonly #outward = new Map<number, Datagrams>();
  #cut = false;

  private constructor(
    private readonly tcp: Listener,
    private readonly udp: Datagrams,
    /** Where pages are asked for. */
    readonly tcpPort: number,
    /** Where the relay is asked for. */
    readonly udpPort: number,
    private readonly relayPort: number,
  ) {}

  static async lay(serverPort: number, relayPort: number): Promise<Line> {
    const tcp = createServer();
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const udp = createSocket('udp4');
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const address = tcp.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const line = new Line(tcp, udp, address.port, udp.address().port, relayPort);
    tcp.on('connection', (near) => line.passOn(near, serverPort));
    udp.on('message', (packet, from) => line.send(packet, from));
    return line;
  }

  /** Nothing goes through, and nobody is told. */
  cut(): void {
    this.#cut = true;
    for (const stream of this.#streams) stream.pause();
  }

  mend(): void {
    this.#cut = false;
    for (const stream of this.#streams) stream.resume();
  }

  dispose(): void {
    this.tcp.close();
    for (const stream of this.#streams) stream.destroy();
    for (const socket of this.#outward.values()) socket.close();
    this.udp.close();
  }

  private passOn(near: Socket, port: number): void {
    const far = connect(port, '127.0.0.1');
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
      if (this.#cut) one.pause();
    }
  }

  private send(packet: Buffer, from: RemoteInfo): void {
    if (this.#cut) return;
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
