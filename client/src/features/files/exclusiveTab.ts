/** Absent over plain HTTP: there two tabs can resume the same upload. */
const locks = (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;

const lockOf = (uploadId: string) => `upload:${uploadId}`;

/** Does `work` if no other tab holds the upload's lock; false, with nothing done, if one does. */
export async function ifExclusive(uploadId: string, work: () => Promise<void>): Promise<boolean> {
  if (!locks) {
    await work();
    return true;
  }
  return locks.request(lockOf(uploadId), { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}

/** Does `work` as soon as no other tab holds the upload's lock, until `signal` is aborted. */
export async function whenExclusive(
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
