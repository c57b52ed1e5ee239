import { useCallback, useEffect, useRef } from 'react';

/** For what covers the room: when it has gone, the focus goes back to where it was opened from. */
export function useReturnFocus(covered: boolean): () => void {
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    if (covered) return;
    if (opener.current instanceof HTMLElement) opener.current.focus();
    opener.current = null;
  }, [covered]);
  return useCallback(() => {
    opener.current = document.activeElement;
  }, []);
}
