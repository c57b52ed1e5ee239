const LOOK_MS = 5_000;
/** Browsers correct their clocks by less than this. */
const DRIFT_MS = 1_500;

/** Milliseconds of a clock that cannot be set: for durations, never for points in time. */
export const monotonic = (): number => performance.now();

/**
 * Seconds left of `ms`, where one that has begun counts whole. Readings of a clock are fractions, and the
 * difference of two may miss by a millionth: to the millisecond first, or 2 s would be 3.
 */
export const secondsLeft = (ms: number): number => Math.ceil(Math.round(ms) / 1000);

/**
 * Tells when the machine's clock was set, or the machine slept and one of its clocks with it: from then on
 * what was measured against another clock is wrong.
 */
export function onClockJump(moved: () => void): () => void {
  const apart = () => Date.now() - monotonic();
  let was = apart();
  const timer = setInterval(() => {
    const is = apart();
    if (Math.abs(is - was) < DRIFT_MS) return;
    was = is;
    moved();
  }, LOOK_MS);
  return () => clearInterval(timer);
}
