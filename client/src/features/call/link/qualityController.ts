import type { Link } from './link';
import {
  cameraEncoding,
  connectionStats,
  fitEncoding,
  rateQuality,
  screenEncoding,
  type ConnectionStats,
  type Quality,
  type ReceiveStats,
} from '../stats/quality';
import { readRtcStats } from '../stats/rtcStats';
import { nextDegradation, NO_DEGRADATION, type Degradation } from '../stats/degradation';
import type { Tracks } from './transport';
import { setEncodings, type Transceivers } from './transceivers';

/** The number of others in the call, and the tracks that are sent to each. */
export interface CallLoad {
  readonly others: number;
  readonly tracks: Tracks;
}

/** Samples the statistics of one connection, rates its quality, and sets what is sent over it. */
export class QualityController {
  quality: Quality = 'good';
  stats: ConnectionStats | undefined;
  #received: ReceiveStats | undefined;
  #degradation: Degradation = NO_DEGRADATION;
  /** The encodings set last, as JSON. */
  #applied = '';

  constructor(private readonly link: Link) {}

  /** Sets the encodings, if anything changed. */
  apply({ others, tracks }: CallLoad): void {
    if (!this.link.works) {
      // A new connection has new senders.
      this.#applied = '';
      return;
    }
    const { remoteDemand, transceivers } = this.link;
    const captured = tracks.camera?.getSettings().height ?? 0;
    const degradation = this.#degradation.level;
    const camera = fitEncoding(cameraEncoding(others, tracks.screen !== null), {
      shown: remoteDemand.camera,
      captured,
      degradation,
    });
    const screen = { ...screenEncoding(others), active: remoteDemand.screen > 0 };
    const text = JSON.stringify([camera, screen]);
    if (text === this.#applied) return;
    this.#applied = text;
    void this.#setEncodings(transceivers, { camera, screen });
  }

  /** Two changes at once may refuse each other; the next sample sets them again. */
  async #setEncodings(
    transceivers: Transceivers,
    encodings: Parameters<typeof setEncodings>[1],
  ): Promise<void> {
    if (!(await setEncodings(transceivers, encodings))) this.#applied = '';
  }

  /** Whether there is something new to show. */
  async sample(): Promise<boolean> {
    const { pc } = this.link;
    if (!pc || !this.link.works) return false;
    const now = await readRtcStats(pc).catch(() => undefined);
    if (!now) return false;
    this.#degradation = nextDegradation(this.#degradation, now.sending);
    const before = this.#received;
    this.#received = now.reception;
    if (!before) return true;
    this.stats = connectionStats(before, now.reception);
    const quality = rateQuality(this.stats);
    const changed = quality !== this.quality;
    this.quality = quality;
    return changed;
  }
}
