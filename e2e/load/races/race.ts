import type { Lane } from './lane.ts';

/** How one round came out. */
export interface Round {
  /** Who was first, or what was answered. */
  outcome: string;
  /** What must never be. */
  fault?: string | undefined;
}

/** Things done at once, one after the other of which is what they must come to. */
export interface Race {
  name: string;
  run: (lane: Lane) => Promise<Round>;
}

export const found = (outcome: string, faults: (string | undefined)[]): Round => {
  const [fault] = faults.filter((each) => each !== undefined);
  return fault === undefined ? { outcome } : { outcome, fault };
};
