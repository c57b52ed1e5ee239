import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { monotonic } from '../../connection';
import type { Chat } from './chat';
import styles from './Composer.module.css';
import { sendPauseMessage } from './outboxSender';

/** Tells why nothing is sent at the moment, and for how long. */
export function RateLimitNotice({ chat }: { chat: Chat }) {
  const pause = useStore(chat.store, (state) => state.sendPause);
  const waiting = useStore(chat.store, (state) => state.outbox.filter((it) => !it.failure).length);
  const [now, setNow] = useState(monotonic);

  useEffect(() => {
    if (!pause) return;
    const timer = setInterval(() => setNow(monotonic()), 250);
    return () => clearInterval(timer);
  }, [pause]);

  // `now` is not updated without a pause.
  const at = pause ? Math.max(now, pause.since) : now;
  return (
    <p className={styles.pause} role="status">
      {pause && sendPauseMessage(pause, waiting, at)}
    </p>
  );
}
