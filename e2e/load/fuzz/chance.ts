import { between, seeded } from '../random.ts';

/** Choices that are the same for the same seed. */
export class Chance {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  /** True in `share` of the cases. */
  in(share: number): boolean {
    return this.random() < share;
  }

  whole(least: number, most: number): number {
    return between(this.random, least, most);
  }

  of<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new Error('nothing to choose from');
    return choices[this.whole(0, choices.length - 1)] as T;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.whole(0, 255)));
  }
}
