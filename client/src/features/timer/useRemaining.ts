import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { monotonic } from '../../connection';
import { remainingMs, untilNextSecond } from './clock';
import type { Timer } from './timer';

/** What is left of the phase, looked at again with every second of the server's clock. */
export function useRemaining(timer: Timer): number | null {
  const state = useStore(timer.store, (it) => it.state);
  const clockAhead = useStore(timer.roomInfo, (it) => it.clockOffsetMs);
  const [now, setNow] = useState(monotonic);

  useEffect(() => {
    if (!state?.running) return;
    let next: ReturnType<typeof setTimeout>;
    const look = () => {
      const at = monotonic();
      setNow(at);
      const left = remainingMs(state, at + clockAhead) ?? 0;
      if (left > 0) next = setTimeout(look, untilNextSecond(left));
    };
    next = setTimeout(look, 0);
    return () => clearTimeout(next);
  }, [state, clockAhead]);

  return state && remainingMs(state, now + clockAhead);
}
