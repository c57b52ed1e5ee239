/** Absent over plain HTTP; there one should go on with an upload in one tab only. */
const locks = (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;

const lockOf = (uploadId: string) => `upload:${uploadId}`;

/** Works at an upload while no other tab does. Gives false, and does nothing, when one does. */
export async function alone(uploadId: string, work: () => Promise<void>): Promise<boolean> {
  if (!locks) {
    await work();
    return true;
  }
  return locks.request(lockOf(uploadId), { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}

/** Works at an upload as soon as no other tab does: at once, or when that one is done or gone. */
export async function onceAlone(
  uploadId: string,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  if (!locks) return work();
  try {
    await locks.request(lockOf(uploadId), { signal }, work);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
