import { parseWants, WANTS_ALL, wantsText, type Wants } from './wants';

/** Both sides make the data channel by themselves, under this number. */
const CHANNEL = { negotiated: true, id: 0 } as const;

/** What the two ends of a connection tell each other without the server. */
export class Whispers {
  readonly #channel: RTCDataChannel;
  #wanted: Wants = WANTS_ALL;
  #wants: Wants;

  constructor(pc: RTCPeerConnection, wants: Wants, changed: () => void) {
    this.#wants = wants;
    this.#channel = pc.createDataChannel('wants', CHANNEL);
    this.#channel.onopen = () => this.#tell();
    this.#channel.onmessage = ({ data }) => {
      const wanted = parseWants(data);
      if (!wanted) return;
      this.#wanted = wanted;
      changed();
    };
  }

  /** How high the other side shows our pictures. */
  get wanted(): Wants {
    return this.#wanted;
  }

  want(wants: Wants): void {
    this.#wants = wants;
    this.#tell();
  }

  #tell(): void {
    if (this.#channel.readyState === 'open') this.#channel.send(wantsText(this.#wants));
  }
}
