import { useState } from 'react';
import { ChevronDown, ChevronUp, Pin } from 'lucide-react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui';
import type { Chat } from './chat';
import styles from './PinnedBar.module.css';

/** What moderators keep in view: the newest, or all of it. */
export function PinnedBar({ chat }: { chat: Chat }) {
  const pinned = useStore(chat.store, (state) => state.pinned);
  const [all, setAll] = useState(false);
  const newestFirst = pinned.toReversed();
  const shown = all ? newestFirst : newestFirst.slice(0, 1);
  if (shown.length === 0) return null;

  return (
    <section className={styles.bar} aria-label="Pinned">
      <Pin size={15} aria-hidden />
      <ul className={styles.list}>
        {shown.map((message) => (
          <li key={message.id}>
            <button
              type="button"
              className={styles.pin}
              title="Show it where it was said"
              onClick={() => {
                setAll(false);
                void chat.jumpTo(message);
              }}
            >
              <strong dir="auto">{message.senderName}</strong> <bdi>{message.text}</bdi>
            </button>
          </li>
        ))}
      </ul>
      {pinned.length > 1 && (
        <IconButton
          label={all ? 'Show the newest only' : `Show all ${pinned.length} pinned`}
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? <ChevronUp size={18} aria-hidden /> : <ChevronDown size={18} aria-hidden />}
        </IconButton>
      )}
    </section>
  );
}
