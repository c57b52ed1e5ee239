import { MessageSquareText, Presentation } from 'lucide-react';
import { useStore } from 'zustand';
import type { Chat } from '../../features/chat';
import { cx } from '../../ui';
import styles from './RoomToggles.module.css';

/** The room's buttons beside the call controls. */
export function RoomToggles({
  boardOpen,
  onBoard,
  chat,
  onChat,
}: {
  boardOpen: boolean;
  onBoard: () => void;
  chat: Chat;
  /** Only where the chat is not in sight anyway. */
  onChat?: (() => void) | undefined;
}) {
  const unread = useStore(chat.store, (state) => state.unread);
  return (
    <>
      <button
        type="button"
        className={cx(styles.toggle, boardOpen && styles.on)}
        title="Whiteboard"
        aria-pressed={boardOpen}
        onClick={onBoard}
      >
        <Presentation size={20} aria-hidden />
        <span className={styles.text}>Whiteboard</span>
      </button>
      {onChat && (
        <button type="button" className={styles.toggle} title="Open chat" onClick={onChat}>
          <MessageSquareText size={20} aria-hidden />
          <span className="visually-hidden">Open chat</span>
          {unread > 0 && (
            <span className={styles.badge}>
              {unread > 99 ? '99+' : unread}
              <span className="visually-hidden"> unread</span>
            </span>
          )}
        </button>
      )}
    </>
  );
}
