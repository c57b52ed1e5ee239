import type { SocketId } from '../../../protocol';

const LOOK_MS = 120;
/** Pauses between words are part of speaking. */
const PAUSE_MS = 700;
/** Of `getSynchronizationSources`: linear, 1 is the loudest. */
const REMOTE_FLOOR = 0.02;

/** Follows who speaks. */
export function followSpeaking(
  levels: () => Iterable<readonly [SocketId, number]>,
  set: (speaking: ReadonlySet<SocketId>) => void,
): () => void {
  const heardAt = new Map<SocketId, number>();
  let shown = '';
  const timer = setInterval(() => {
    const now = performance.now();
    for (const [id, level] of levels()) if (level > REMOTE_FLOOR) heardAt.set(id, now);
    for (const [id, at] of heardAt) if (now - at > PAUSE_MS) heardAt.delete(id);
    const ids = [...heardAt.keys()].sort();
    const text = ids.join();
    if (text === shown) return;
    shown = text;
    set(new Set(ids));
  }, LOOK_MS);
  return () => clearInterval(timer);
}
