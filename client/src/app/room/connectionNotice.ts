import type { StoreApi } from 'zustand/vanilla';
import type { ConnectionStatus } from '../../connection';

export type ConnectionNotice = 'none' | 'reconnecting' | 'back';

/** A shorter interruption, as for a fresh token, is not shown. */
const WORTH_SAYING_MS = 900;
const BACK_MS = 2_500;

/** Reports lost connections: not every short interruption, and "back" only after "reconnecting". */
export function followConnection(
  status: StoreApi<{ status: ConnectionStatus }>,
  report: (notice: ConnectionNotice) => void,
): () => void {
  let said: ConnectionNotice = 'none';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (notice: ConnectionNotice) => {
    said = notice;
    report(notice);
  };
  const look = () => {
    clearTimeout(timer);
    const { status: now } = status.getState();
    if (now === 'offline' && said !== 'reconnecting') {
      timer = setTimeout(() => tell('reconnecting'), WORTH_SAYING_MS);
    } else if (now === 'online' && said === 'reconnecting') {
      tell('back');
      timer = setTimeout(() => tell('none'), BACK_MS);
    } else if (now === 'online' && said === 'back') {
      tell('none');
    }
  };
  look();
  const stop = status.subscribe(look);
  return () => {
    clearTimeout(timer);
    stop();
  };
}
