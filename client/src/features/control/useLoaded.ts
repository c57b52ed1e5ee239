import { useCallback, useEffect, useState } from 'react';
import { errorMessage } from '../../connection';

export interface Loaded<T> {
  value: T | undefined;
  problem: string | undefined;
  again: () => void;
}

/** Something fetched when the component appears, and again on demand. `load` must be stable. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [value, setValue] = useState<T>();
  const [problem, setProblem] = useState<string>();
  const [round, setRound] = useState(0);

  useEffect(() => {
    let over = false;
    load().then(
      (it) => {
        if (over) return;
        setValue(it);
        setProblem(undefined);
      },
      (error: unknown) => over || setProblem(errorMessage(error)),
    );
    return () => {
      over = true;
    };
  }, [load, round]);

  return { value, problem, again: useCallback(() => setRound((it) => it + 1), []) };
}
