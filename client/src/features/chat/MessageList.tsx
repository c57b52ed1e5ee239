import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ArrowDown, MessagesSquare } from 'lucide-react';
import { useStore } from 'zustand';
import { Button } from '../../ui';
import { SCREENFUL, type Chat } from './chat';
import { dayLabel, rows } from './grouping';
import { MessageGroup } from './MessageGroup';
import { createStickToBottom } from './stickToBottom';
import styles from './MessageList.module.css';

const LOAD_AT_PX = 160;

export function MessageList({ chat, visible }: { chat: Chat; visible: boolean }) {
  const { timeline, outbox, ready, older } = useStore(chat.store);
  const list = useMemo(
    () => rows(timeline.messages, outbox, chat.me),
    [timeline.messages, outbox, chat.me],
  );
  const last = timeline.messages.at(-1);
  const firstKey = timeline.messages[0]?.id ?? '';
  const lastKey = outbox.at(-1)?.eventId ?? last?.eventId ?? last?.id ?? '';
  const mine = outbox.length > 0 || last?.senderId === chat.me.userId;

  const box = useRef<HTMLDivElement>(null);
  const [stick] = useState(createStickToBottom);
  const { missed } = useStore(stick.missed);
  useLayoutEffect(() => (box.current ? stick.attach(box.current) : undefined), [stick]);
  useLayoutEffect(() => {
    stick.rendered({ visible, firstKey, lastKey, mine });
  }, [stick, visible, firstKey, lastKey, mine, list]);

  return (
    <div className={styles.frame}>
      <div
        ref={box}
        className={styles.scroll}
        tabIndex={0}
        role="log"
        aria-label="Conversation"
        aria-busy={older === 'loading'}
        onScroll={(event) => {
          stick.scrolled();
          if (event.currentTarget.scrollTop < LOAD_AT_PX && older === 'idle') void chat.loadOlder();
        }}
      >
        {timeline.before !== null &&
          (timeline.messages.length >= SCREENFUL || older === 'failed') && (
            <div className={styles.older}>
              {older === 'failed' && <span>That did not work.</span>}
              <Button look="quiet" busy={older === 'loading'} onClick={() => void chat.loadOlder()}>
                {older === 'failed' ? 'Try again' : 'Show earlier'}
              </Button>
            </div>
          )}
        {ready && list.length === 0 && (
          <div className={styles.empty}>
            <MessagesSquare size={30} strokeWidth={1.5} aria-hidden />
            <p>Nothing said yet.</p>
            <p>What is written here stays, for whoever comes later too.</p>
          </div>
        )}
        {list.map((row) =>
          row.kind === 'day' ? (
            <div key={row.key} className={styles.day}>
              <span>{dayLabel(row.at)}</span>
            </div>
          ) : (
            <MessageGroup key={row.key} group={row} chat={chat} />
          ),
        )}
      </div>
      {missed && (
        <button type="button" className={styles.missed} onClick={() => stick.toEnd()}>
          <ArrowDown size={15} aria-hidden /> New messages
        </button>
      )}
    </div>
  );
}
