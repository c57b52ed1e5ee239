import { useEffect, useState } from 'react';

/** Something made for as long as the component is there, and disposed of with it. */
export function useOwned<T extends { dispose(): void }>(make: () => T): T | null {
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
