import type { StoreApi } from 'zustand/vanilla';
import type { ConnectionStatus } from '../../connection';

export type LineNews = 'none' | 'reconnecting' | 'back';

/** A fresh token costs a blink of the line; that is nobody's worry. */
const WORTH_SAYING_MS = 900;
const BACK_MS = 2_500;

/** What to say about the line: not every blink, and "back" only after "reconnecting". */
export function followLine(
  status: StoreApi<{ status: ConnectionStatus }>,
  say: (news: LineNews) => void,
): () => void {
  let said: LineNews = 'none';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (news: LineNews) => {
    said = news;
    say(news);
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
