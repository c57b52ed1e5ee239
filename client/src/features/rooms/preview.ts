import { useCallback, useEffect, useState } from 'react';
import { api, RequestError } from '../../connection';
import type { ErrorCode, RoomPreview, RoomRef } from '../../protocol';

export type PreviewState =
  | { phase: 'loading' }
  | { phase: 'there'; preview: RoomPreview }
  | { phase: 'failed'; code: ErrorCode };

const RETRY_MS = 3_000;

/**
 * What one may know of a room before joining; asked again for another person, or on failure. Told that the
 * room has a new code, it goes on under that one.
 */
export function useRoomPreview(
  ref: RoomRef,
  userId: string | null,
): [state: PreviewState, renamed: (code: string) => void] {
  const [state, setState] = useState<PreviewState & { of?: RoomRef }>({ phase: 'loading' });

  useEffect(() => {
    let over = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const preview = await api.roomPreview(ref);
        if (!over) setState({ phase: 'there', preview, of: ref });
      } catch (error) {
        if (over) return;
        const refused = error instanceof RequestError ? error : null;
        setState({ phase: 'failed', code: refused?.code ?? 'internal', of: ref });
        if (!refused || refused.retryable) retry = setTimeout(() => void ask(), RETRY_MS);
      }
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(retry);
    };
  }, [ref, userId]);

  const renamed = useCallback(
    (code: string) =>
      setState((now) =>
        now.phase === 'there' ? { ...now, preview: { ...now.preview, code }, of: code } : now,
      ),
    [],
  );
  return [state.of === ref ? state : { phase: 'loading' }, renamed];
}
