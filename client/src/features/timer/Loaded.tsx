import { useEffect, useRef, useState, type ReactNode } from 'react';
import { errorMessage } from '../../connection';
import { Notice } from '../../ui';

/** Shows what is fetched when it appears, and anew when `of` changes. */
export function Loaded<T>({
  load,
  of,
  children,
}: {
  load: () => Promise<T>;
  of: string;
  children: (value: T) => ReactNode;
}) {
  const [value, setValue] = useState<T>();
  const [problem, setProblem] = useState<string>();
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    let over = false;
    latest.current().then(
      (it) => over || setValue(it),
      (error: unknown) => over || setProblem(errorMessage(error)),
    );
    return () => {
      over = true;
    };
  }, [of]);

  if (problem) return <Notice kind="wrong">{problem}</Notice>;
  if (value === undefined) return <p role="status">Counting…</p>;
  return <>{children(value)}</>;
}
