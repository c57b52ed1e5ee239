import { useEffect } from 'react';
import { session } from '../../connection';
import { useSession } from './useSession';

/** Where nothing is interrupted by it, one becomes at once who signed in in another tab. */
export function useSwitchUser(isFree: boolean): void {
  const state = useSession();
  const other = state.phase === 'signedIn' ? state.other : undefined;
  useEffect(() => {
    // Where nobody answers one stays who one is; the next visit tries again.
    if (isFree && other) session.switchUser().catch(() => undefined);
  }, [isFree, other]);
}
