import { decodeDemand, FULL_DEMAND, encodeDemand, type VideoDemand } from './videoDemand';

/** Both sides create the channel under this id, without negotiation. */
const CHANNEL = { negotiated: true, id: 0 } as const;

/** Messages between the two ends of a connection, over its data channel. */
export class DataChannelMessages {
  readonly #channel: RTCDataChannel;
  #remoteDemand: VideoDemand = FULL_DEMAND;
  #demand: VideoDemand;

  constructor(pc: RTCPeerConnection, demand: VideoDemand, changed: () => void) {
    this.#demand = demand;
    this.#channel = pc.createDataChannel('wants', CHANNEL);
    this.#channel.onopen = () => this.#send();
    this.#channel.onmessage = ({ data }) => {
      const wanted = decodeDemand(data);
      if (!wanted) return;
      this.#remoteDemand = wanted;
      changed();
    };
  }

  /** How high the other side shows our pictures. */
  get remoteDemand(): VideoDemand {
    return this.#remoteDemand;
  }

  setDemand(demand: VideoDemand): void {
    this.#demand = demand;
    this.#send();
  }

  #send(): void {
    if (this.#channel.readyState === 'open') this.#channel.send(encodeDemand(this.#demand));
  }
}
