const LOOK_MS = 5_000;
/** Browsers correct their clocks by less than this. */
const DRIFT_MS = 1_500;

/** Milliseconds that no one can set: for how long something has lasted, never for when it was. */
export const monotonic = (): number => performance.now();

/**
 * Tells when the machine's clock was set, or the machine slept and one of its clocks with it: from then on
 * what was measured against another clock is wrong.
 */
export function followClock(moved: () => void): () => void {
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
