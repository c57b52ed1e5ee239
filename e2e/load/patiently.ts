import { Refused } from '../people.ts';
import { againMs } from './member.ts';
import { pause } from './waiting.ts';

/** A database that was harmed to the last may take so long until it answers again. */
const limitMs = 120_000;

/** Reads again while the answer is that it may be given later, or none comes. */
export async function patiently<T>(reading: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await reading();
    } catch (error) {
      if (!isForLater(error) || performance.now() > deadline) throw error;
      await pause(error instanceof Refused ? (error.info.retryAfterMs ?? againMs) : againMs);
    }
  }
}

function isForLater(error: unknown): boolean {
  if (error instanceof Refused) return error.info.retryable;
  // As the stock client says that an ack did not come.
  return error instanceof Error && error.message === 'operation has timed out';
}
