import type { Link } from './link';
import {
  cameraEncoding,
  figuresOf,
  fitted,
  judge,
  screenEncoding,
  type Reception,
} from './quality';
import { readStatistics } from './statistics';
import { nextThrift, PLENTY, type Thrift } from './thrift';
import type { Figures, Quality, Tracks } from './transport';
import { tune, type Wires } from './wires';

/** Of how large a call a connection is part, and what is sent in it. */
export interface Load {
  readonly others: number;
  readonly tracks: Tracks;
}

/** Looks after how well one connection carries, and sends no more over it than that bears. */
export class Tuning {
  quality: Quality = 'good';
  figures: Figures | undefined;
  #reception: Reception | undefined;
  #thrift: Thrift = PLENTY;
  /** What the senders are set to. */
  #set = '';

  constructor(private readonly link: Link) {}

  /** Sets the senders, if anything changed. */
  apply({ others, tracks }: Load): void {
    if (!this.link.works) {
      // A new connection begins with senders of its own.
      this.#set = '';
      return;
    }
    const { wanted, wires } = this.link;
    const captured = tracks.camera?.getSettings().height ?? 0;
    const thrift = this.#thrift.level;
    const camera = fitted(cameraEncoding(others, tracks.screen !== null), {
      shown: wanted.camera,
      captured,
      thrift,
    });
    const screen = { ...screenEncoding(others), active: wanted.screen > 0 };
    const text = JSON.stringify([camera, screen]);
    if (text === this.#set) return;
    this.#set = text;
    void this.#tune(wires, { camera, screen });
  }

  /** Two changes at once may refuse each other; the next look sets what is due then. */
  async #tune(wires: Wires, encodings: Parameters<typeof tune>[1]): Promise<void> {
    if (!(await tune(wires, encodings))) this.#set = '';
  }

  /** Tells whether there is something new to show. */
  async look(): Promise<boolean> {
    const { pc } = this.link;
    if (!pc || !this.link.works) return false;
    const now = await readStatistics(pc).catch(() => undefined);
    if (!now) return false;
    this.#thrift = nextThrift(this.#thrift, now.sending);
    const before = this.#reception;
    this.#reception = now.reception;
    if (!before) return true;
    this.figures = figuresOf(before, now.reception);
    const quality = judge(this.figures);
    const changed = quality !== this.quality;
    this.quality = quality;
    return changed;
  }
}
