import { pause } from '../waiting.ts';

/** Sleeps no shorter than timers do. */
const leastMs = 5;

/**
 * Acts so often a second until the end, after `burst` times at once. What comes late is made up for,
 * up to a second's worth.
 */
export async function atRate(
  perSecond: number,
  burst: number,
  end: AbortSignal,
  act: (n: number) => unknown,
): Promise<void> {
  const beganAt = performance.now();
  let done = 0;
  while (!isOver(end)) {
    const due = burst + Math.floor(((performance.now() - beganAt) / 1000) * perSecond);
    let n = Math.max(done, due - burst - Math.ceil(perSecond));
    for (; n < due; n++) {
      if (isOver(end)) return;
      await act(n);
    }
    done = Math.max(done, n);
    await restOr(end, Math.max(leastMs, 1000 / perSecond));
  }
}

/** A call, for the signal may change while it is waited for something. */
const isOver = ({ aborted }: AbortSignal) => aborted;

/** Latencies so long, or until the end. */
export async function restOr(end: AbortSignal, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (!end.aborted && performance.now() < until) {
    await pause(Math.max(1, Math.min(100, until - performance.now())));
  }
}
