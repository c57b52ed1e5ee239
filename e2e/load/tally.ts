import type { Line } from './checks.ts';

/** What the writers of one log did, and what they were told. */
export class Tally {
  sent = 0;
  resent = 0;
  duplicates = 0;
  refused = 0;
  /** Refused for good, by a bound of the room that others may have reached. */
  final = 0;
  /** Every ack, those of duplicates too. */
  readonly acks: Line[] = [];
  /** What should never be answered. */
  readonly faults: string[] = [];

  get acked(): number {
    return new Set(this.acks.map((ack) => ack.id)).size;
  }

  fault(text: string): void {
    // One cause may be met by each of thousands of sends.
    if (this.faults.length < 1000) this.faults.push(text);
  }
}
