const LOOK_MS = 100;
/** So much speech within the last looks is more than a cough. */
const LOOKS = 15;
const LOUD_LOOKS = 7;
const HINT_MS = 4_000;
/** On the scale of the meter. */
const SPEECH = 0.5;

/** Notices that someone speaks into a muted microphone. */
export function followMutedSpeech(
  /** How loud it is; undefined while the microphone is on, or not there. */
  level: () => number | undefined,
  set: (speaking: boolean) => void,
): () => void {
  let looks: boolean[] = [];
  let until = 0;
  let shown = false;
  const timer = setInterval(() => {
    const now = performance.now();
    const loud = level();
    if (loud === undefined) {
      looks = [];
      until = 0;
    } else {
      looks = [...looks, loud > SPEECH].slice(-LOOKS);
      if (looks.filter(Boolean).length >= LOUD_LOOKS) until = now + HINT_MS;
    }
    const is = now < until;
    if (is !== shown) set(is);
    shown = is;
  }, LOOK_MS);
  return () => clearInterval(timer);
}
