export async function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Resolves to whether it came true within `limitMs`. */
export async function comesTrue(fact: () => boolean, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!fact()) {
    if (performance.now() > deadline) return false;
    await pause(5);
  }
  return true;
}
