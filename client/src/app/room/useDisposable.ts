import { useEffect, useState } from 'react';

/** Makes an object when the component mounts, and disposes of it when it unmounts. */
export function useDisposable<T extends { dispose(): void }>(make: () => T): T | null {
  const [owned, setOwned] = useState<T | null>(null);
  useEffect(() => {
    const made = make();
    // Made in the effect, not while rendering: only so is each one disposed of.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setOwned(made);
    return () => made.dispose();
  }, [make]);
  return owned;
}
