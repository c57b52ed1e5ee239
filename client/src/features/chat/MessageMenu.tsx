import { useState } from 'react';
import { Copy, MoreHorizontal, Pencil, Pin, PinOff, Reply, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import { isModerator } from '../../connection';
import type { Message } from '../../protocol';
import {
  ConfirmDialog,
  copyText,
  emojiKey,
  EmojiPicker,
  isolated,
  Menu,
  menuDangerClass,
  menuItemClass,
} from '../../ui';
import type { Chat } from './chat';
import styles from './MessageMenu.module.css';

/** All one can do with a message. */
export function MessageMenu({
  chat,
  message,
  onEdit,
}: {
  chat: Chat;
  message: Message;
  onEdit: () => void;
}) {
  const mod = useStore(chat.roomInfo, (state) => isModerator(state.you?.role));
  const [deleting, setDeleting] = useState(false);
  const mine = message.senderId === chat.me.userId;

  return (
    <>
      <Menu
        label={`Message from ${isolated(message.senderName)}: actions`}
        face={<MoreHorizontal size={17} aria-hidden />}
        className={styles.opener}
        narrow
      >
        {(close) => {
          const then = (work: () => void) => () => {
            close();
            work();
          };
          return (
            <>
              <EmojiPicker
                onPick={(emoji) => {
                  close();
                  const there = message.reactions.find(
                    (it) => emojiKey(it.emoji) === emojiKey(emoji),
                  );
                  const on = !there?.userIds.includes(chat.me.userId);
                  chat.react(message.id, emoji, on);
                }}
              />
              <button
                type="button"
                className={menuItemClass}
                onClick={then(() => chat.replyTo(message))}
              >
                <Reply size={17} aria-hidden /> Reply
              </button>
              {message.text !== '' && (
                <button
                  type="button"
                  className={menuItemClass}
                  onClick={then(() => void copyText(message.text))}
                >
                  <Copy size={17} aria-hidden /> Copy text
                </button>
              )}
              {mod && (
                <button
                  type="button"
                  className={menuItemClass}
                  onClick={then(() => chat.pin(message.id, !message.pinned))}
                >
                  {message.pinned ? (
                    <PinOff size={17} aria-hidden />
                  ) : (
                    <Pin size={17} aria-hidden />
                  )}
                  {message.pinned ? 'Unpin' : 'Pin'}
                </button>
              )}
              {mine && (
                <button type="button" className={menuItemClass} onClick={then(onEdit)}>
                  <Pencil size={17} aria-hidden /> Edit
                </button>
              )}
              {(mine || mod) && (
                <button
                  type="button"
                  className={menuDangerClass}
                  onClick={then(() => setDeleting(true))}
                >
                  <Trash2 size={17} aria-hidden /> Delete…
                </button>
              )}
            </>
          );
        }}
      </Menu>
      {deleting && (
        <ConfirmDialog
          title="Delete this message?"
          yes="Delete"
          onClose={() => setDeleting(false)}
          onYes={() => {
            setDeleting(false);
            chat.remove(message.id);
          }}
        >
          <p className={styles.text} dir="auto">
            {message.text}
          </p>
          <p>Its text goes away for everyone, and cannot be brought back.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
