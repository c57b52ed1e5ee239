import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ArrowDown, MessagesSquare } from 'lucide-react';
import { useStore } from 'zustand';
import type { UserId } from '../../protocol';
import { Button, cx, useToday } from '../../ui';
import { SCREENFUL, type Chat } from './chat';
import { dayLabel, rows, type Row } from './grouping';
import { MessageGroup } from './MessageGroup';
import { seenBy, seenLabel } from './receipts';
import { createStickToBottom } from './stickToBottom';
import styles from './MessageList.module.css';

const LOAD_AT_PX = 160;

export function MessageList({
  chat,
  visible,
  nameOf,
}: {
  chat: Chat;
  visible: boolean;
  nameOf: (userId: UserId) => string;
}) {
  const { timeline, past, outbox, ready, older, newAfter, target } = useStore(chat.store);
  const shown = past ?? timeline;
  const list = useMemo(
    () => rows(shown.messages, past ? [] : outbox, chat.me, past ? null : newAfter),
    [shown.messages, past, outbox, chat.me, newAfter],
  );
  const last = shown.messages.at(-1);
  const firstKey = shown.messages[0]?.id ?? '';
  const lastKey = outbox.at(-1)?.eventId ?? last?.eventId ?? last?.id ?? '';
  const mine = outbox.length > 0 || last?.senderId === chat.me.userId;

  const box = useRef<HTMLDivElement>(null);
  const [stick] = useState(createStickToBottom);
  const { missed, atEnd } = useStore(stick.place);
  const content = useRef<HTMLDivElement>(null);
  useLayoutEffect(
    () => (box.current && content.current ? stick.attach(box.current, content.current) : undefined),
    [stick],
  );
  useLayoutEffect(() => {
    stick.rendered({ visible, firstKey, lastKey, mine });
  }, [stick, visible, firstKey, lastKey, mine, list]);
  useEffect(() => chat.setAtEnd(atEnd), [chat, atEnd]);

  // Back from the past one wants to be where one left.
  const inPast = past !== null;
  const wasInPast = useRef(false);
  useLayoutEffect(() => {
    if (wasInPast.current && !inPast) stick.toEnd();
    wasInPast.current = inPast;
  }, [stick, inPast]);

  useEffect(() => {
    if (target && box.current) reveal(box.current, target.id);
  }, [target]);

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
        <div ref={content} className={styles.content}>
          {shown.before !== null &&
            (shown.messages.length >= SCREENFUL || inPast || older === 'failed') && (
              <div className={styles.older}>
                {older === 'failed' && <span>That did not work.</span>}
                <Button
                  look="quiet"
                  busy={older === 'loading'}
                  onClick={() => void chat.loadOlder()}
                >
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
          {list.map((row) => (
            <RowView key={row.key} row={row} chat={chat} nameOf={nameOf} />
          ))}
          {inPast ? (
            <div className={cx(styles.older, styles.later)}>
              <Button look="quiet" onClick={() => void chat.loadLater()}>
                Show later
              </Button>
            </div>
          ) : (
            <Seen chat={chat} nameOf={nameOf} />
          )}
        </div>
      </div>
      {inPast ? (
        <button type="button" className={styles.missed} onClick={() => chat.backToNow()}>
          <ArrowDown size={15} aria-hidden /> Back to now
        </button>
      ) : (
        missed && (
          <button type="button" className={styles.missed} onClick={() => stick.toEnd()}>
            <ArrowDown size={15} aria-hidden /> New messages
          </button>
        )
      )}
    </div>
  );
}

function RowView({
  row,
  chat,
  nameOf,
}: {
  row: Row;
  chat: Chat;
  nameOf: (userId: UserId) => string;
}) {
  switch (row.kind) {
    case 'day':
      return <Day at={row.at} />;
    case 'new':
      return (
        <div className={styles.new} role="separator">
          <span>New messages</span>
        </div>
      );
    case 'group':
      return <MessageGroup group={row} chat={chat} nameOf={nameOf} />;
  }
}

function Day({ at }: { at: number }) {
  const today = useToday();
  return (
    <div className={styles.day}>
      <span>{dayLabel(at, today)}</span>
    </div>
  );
}

/** Who has read up to the last message. */
function Seen({ chat, nameOf }: { chat: Chat; nameOf: (userId: UserId) => string }) {
  const messages = useStore(chat.store, (state) => state.timeline.messages);
  const receipts = useStore(chat.store, (state) => state.receipts);
  const names = seenBy(messages, receipts, chat.me.userId).map(nameOf);
  return <p className={styles.seen}>{seenLabel(names)}</p>;
}

/** Brings a message into the middle and lets it glow for a moment. */
function reveal(list: HTMLElement, id: string) {
  const line = list.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(id)}"]`);
  if (!line) return;
  line.scrollIntoView({ block: 'center' });
  const lit = 'var(--amber-soft)';
  line.animate([{ background: lit }, { background: lit, offset: 0.5 }, {}], 2_400);
}
