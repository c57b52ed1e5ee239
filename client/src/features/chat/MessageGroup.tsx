import { useContext } from 'react';
import { Avatar } from '../../ui';
import type { UserId } from '../../protocol';
import type { Chat } from './chat';
import type { Group } from './grouping';
import styles from './MessageGroup.module.css';
import { MessageLine } from './MessageLine';
import { SenderBadgesContext, badgeLabels } from './senderBadges';

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const exactly = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/** What one person said in one go. */
export function MessageGroup({
  group,
  chat,
  nameOf,
}: {
  group: Group;
  chat: Chat;
  nameOf: (userId: UserId) => string;
}) {
  const first = group.lines[0];
  const sender = useContext(SenderBadgesContext).get(group.senderId);
  return (
    <article className={styles.group}>
      <Avatar name={group.senderName} seed={group.senderId} size={32} />
      <div className={styles.body}>
        <header className={styles.header}>
          <span className={styles.name} dir="auto">
            {group.senderName}
          </span>
          {sender && (
            <span className={styles.sender} data-sender={sender}>
              {badgeLabels[sender]}
            </span>
          )}
          {group.mine && <span className={styles.you}>you</span>}
          {first && (
            <time
              className={styles.time}
              dateTime={new Date(first.at).toISOString()}
              title={exactly.format(first.at)}
            >
              {timeOfDay.format(first.at)}
            </time>
          )}
        </header>
        {group.lines.map((line) => (
          <MessageLine key={line.key} line={line} chat={chat} nameOf={nameOf} />
        ))}
      </div>
    </article>
  );
}
