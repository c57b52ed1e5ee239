import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { monotonic } from '../../connection';
import type { Chat } from './chat';
import styles from './Composer.module.css';
import { heldInWords } from './sending';

/** Why nothing goes out at the moment, and for how long. */
export function HeldNote({ chat }: { chat: Chat }) {
  const held = useStore(chat.store, (state) => state.held);
  const waiting = useStore(chat.store, (state) => state.outbox.filter((it) => !it.failure).length);
  const [now, setNow] = useState(monotonic);

  useEffect(() => {
    if (!held) return;
    const timer = setInterval(() => setNow(monotonic()), 250);
    return () => clearInterval(timer);
  }, [held]);

  // The clock stood still while nothing was held.
  const at = held ? Math.max(now, held.since) : now;
  return (
    <p className={styles.held} role="status">
      {held && heldInWords(held, waiting, at)}
    </p>
  );
}
