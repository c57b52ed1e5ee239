import { useCallback, useEffect, useRef, useState } from 'react';
import { errorMessage } from '../../connection';

export interface Page<T> {
  items: readonly T[];
  /** Where the next page begins; none when this is the last. */
  next: string | null;
}

export interface Pages<T> {
  /** All that was loaded so far. */
  items: readonly T[] | undefined;
  problem: string | undefined;
  isMore: boolean;
  more: () => void;
  /** From the first page on. */
  again: () => void;
}

/** A list fetched page by page: the first when the component appears. `load` must be stable. */
export function usePages<T>(load: (after?: string) => Promise<Page<T>>): Pages<T> {
  const [shown, setShown] = useState<Page<T>>();
  const [problem, setProblem] = useState<string>();
  // What is asked for last counts.
  const asked = useRef(0);

  const read = useCallback(
    (before?: Page<T>) => {
      const asking = ++asked.current;
      load(before?.next ?? undefined).then(
        ({ items, next }) => {
          if (asking !== asked.current) return;
          setShown({ items: [...(before?.items ?? []), ...items], next });
          setProblem(undefined);
        },
        (error: unknown) => asking === asked.current && setProblem(errorMessage(error)),
      );
    },
    [load],
  );
  useEffect(() => {
    read();
    return () => {
      asked.current += 1;
    };
  }, [read]);

  return {
    items: shown?.items,
    problem,
    isMore: typeof shown?.next === 'string',
    more: () => read(shown),
    again: useCallback(() => read(), [read]),
  };
}
