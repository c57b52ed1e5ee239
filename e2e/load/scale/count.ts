import { Samples } from './samples.ts';

/** What the clients of one process counted over some time. */
export interface Counted {
  sent: number;
  delivered: number;
  refused: number;
  /** Not shown to everyone. */
  lost: number;
  ackMs: number[];
  /** From sending to each one it was shown to. */
  shownMs: number[];
  /** What this process spent itself. */
  cpuSeconds: number;
}

export class Count {
  sent = 0;
  delivered = 0;
  refused = 0;
  lost = 0;
  readonly ackMs = new Samples();
  readonly shownMs = new Samples();
  readonly #since = process.cpuUsage();

  get sum(): Counted {
    const { sent, delivered, refused, lost, ackMs, shownMs } = this;
    const { user, system } = process.cpuUsage(this.#since);
    const cpuSeconds = (user + system) / 1e6;
    return {
      sent,
      delivered,
      refused,
      lost,
      ackMs: ackMs.values,
      shownMs: shownMs.values,
      cpuSeconds,
    };
  }
}
