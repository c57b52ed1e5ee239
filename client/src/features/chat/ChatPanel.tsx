import { useEffect, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { UserId } from '../../protocol';
import type { Chat } from './chat';
import { Composer } from './Composer';
import { MessageList } from './MessageList';
import { PinnedBar } from './PinnedBar';
import { Search } from './Search';
import { typingLabel } from './typing';
import styles from './ChatPanel.module.css';

/** The chat of a room. `visible` tells whether it can be read right now. */
export function ChatPanel({
  chat,
  visible,
  nameOf,
  attach,
  children,
}: {
  chat: Chat;
  visible: boolean;
  /** Beside the field one writes in. */
  attach?: ReactNode;
  /** Above it. */
  children?: ReactNode;
  nameOf: (userId: UserId) => string;
}) {
  useEffect(() => {
    const update = () => chat.setVisible(visible && document.visibilityState === 'visible');
    update();
    document.addEventListener('visibilitychange', update);
    return () => {
      document.removeEventListener('visibilitychange', update);
      chat.setVisible(false);
    };
  }, [chat, visible]);

  const typing = useStore(chat.store, (state) => state.typing);
  const names = typing.map(nameOf);
  return (
    <section className={styles.panel} aria-label="Chat">
      <Search chat={chat} />
      <PinnedBar chat={chat} />
      <MessageList chat={chat} visible={visible} nameOf={nameOf} />
      <p className={styles.typing} aria-live="off">
        {typingLabel(names)}
      </p>
      {children}
      <Composer chat={chat} attach={attach} />
    </section>
  );
}
