import type { DrawAck } from '../../../protocol';
import type { Batch } from './batches';
import type { Journal } from './journal';
import type { Replica } from './replica';

/** The least time between two batches: the server limits their rate. */
const PACE_MS = 50;
/** While nothing can be sent, drawn ops are added to the journal this often. */
const KEEP_MS = 500;
const RETRY_MS = 1_000;

/** What became of a batch that the server did not take. */
export type Refusal =
  /** It may have been stored: ask again under the same id. */
  { kind: 'unknown' } | { kind: 'later'; afterMs?: number | undefined } | { kind: 'never' };

export interface Sender {
  /** Something was drawn. */
  wake(): void;
  /** The room is joined, or is no longer. */
  online(is: boolean): void;
  /** Adds drawn ops to the journal now: the page may be about to close. */
  persist(): void;
  dispose(): void;
}

/**
 * Brings batches to the server one after the other: a batch sent while the one before is
 * unanswered could be stored although that one was refused, and continue a stroke that is not there.
 */
export function createSender(
  replica: Replica,
  journal: Journal,
  post: (batch: Batch) => Promise<DrawAck>,
  judge: (error: unknown) => Refusal,
): Sender {
  let joined = false;
  let disposed = false;
  let busy = false;
  let loaded = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let notBefore = 0;

  const seal = () => journal.add(replica.seal());

  void journal
    .load()
    .catch(() => [])
    .then((batches) => {
      loaded = true;
      if (disposed) return;
      if (batches.length > 0) replica.restore(batches);
      wake();
    });

  function wake(): void {
    if (timer !== undefined || disposed) return;
    const ready = joined && loaded && !busy;
    const wait = ready ? notBefore - performance.now() : KEEP_MS;
    timer = setTimeout(
      () => {
        timer = undefined;
        seal();
        if (joined && loaded && !busy) void send();
      },
      Math.max(0, wait),
    );
  }

  async function send(): Promise<void> {
    const batch = replica.take();
    if (!batch) return;
    busy = true;
    notBefore = performance.now() + PACE_MS;
    try {
      const { seq } = await post(batch);
      replica.acked(batch.opId, seq);
      journal.remove(batch.opId);
    } catch (error) {
      const refusal = judge(error);
      if (refusal.kind !== 'unknown') replica.refused(batch.opId, refusal.kind === 'never');
      if (refusal.kind === 'never') journal.remove(batch.opId);
      else
        notBefore = performance.now() + ((refusal.kind === 'later' && refusal.afterMs) || RETRY_MS);
    }
    busy = false;
    sendSoon();
  }

  /** Runs the next round without waiting for the timer. */
  function sendSoon(): void {
    clearTimeout(timer);
    timer = undefined;
    if (replica.unsaved > 0) wake();
  }

  return {
    wake,
    persist: seal,
    online(is) {
      joined = is;
      if (is) notBefore = 0;
      sendSoon();
    },
    dispose() {
      seal();
      disposed = true;
      clearTimeout(timer);
    },
  };
}
