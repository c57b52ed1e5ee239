import { useState } from 'react';

/** Runs a form's work once at a time, and says in words what went wrong. */
export function useSubmit(toWords: (error: unknown) => string) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const run = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(toWords(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, run };
}
