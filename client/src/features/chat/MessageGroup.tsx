import { memo } from 'react';
import { Clock, CircleAlert, Paperclip } from 'lucide-react';
import { Avatar, cx } from '../../ui';
import type { Chat } from './chat';
import type { Group, Line } from './grouping';
import { linkify } from './linkify';
import styles from './MessageGroup.module.css';

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const exactly = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/** What one person said in one go. */
export function MessageGroup({ group, chat }: { group: Group; chat: Chat }) {
  const first = group.lines[0];
  return (
    <article className={styles.group}>
      <Avatar name={group.senderName} seed={group.senderId} size={32} />
      <div className={styles.body}>
        <header className={styles.header}>
          <span className={styles.name}>{group.senderName}</span>
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
          <MessageLine key={line.key} line={line} chat={chat} />
        ))}
      </div>
    </article>
  );
}

const MessageLine = memo(function MessageLine({ line, chat }: { line: Line; chat: Chat }) {
  const eventId = line.eventId;
  return (
    <div
      className={cx(styles.line, styles[line.state])}
      data-testid="message"
      data-state={line.state}
      title={exactly.format(line.at)}
    >
      {line.deleted ? (
        <p className={styles.deleted}>Deleted</p>
      ) : (
        <p className={styles.text}>
          <LinkedText text={line.text} />
          {line.edited && <span className={styles.edited}> (edited)</span>}
          {line.state === 'sending' && (
            <span className={styles.clock} title="On its way">
              <Clock size={13} aria-label="On its way" />
            </span>
          )}
        </p>
      )}
      {line.attachments.map((file) => (
        <p key={file.fileUrl} className={styles.file}>
          <Paperclip size={14} aria-hidden /> {file.name}
        </p>
      ))}
      {line.reactions.length > 0 && (
        <p className={styles.reactions}>
          {line.reactions.map((reaction) => (
            <span key={reaction.emoji}>
              {reaction.emoji} {reaction.userIds.length}
            </span>
          ))}
        </p>
      )}
      {line.state === 'failed' && eventId && (
        <p className={styles.failure} role="alert">
          <CircleAlert size={14} aria-hidden />
          <span>Not sent. {line.failure}</span>
          <button type="button" onClick={() => chat.retry(eventId)}>
            Try again
          </button>
          <button type="button" onClick={() => chat.discard(eventId)}>
            Discard
          </button>
        </p>
      )}
    </div>
  );
});

function LinkedText({ text }: { text: string }) {
  return linkify(text).map((piece, at) =>
    piece.href ? (
      <a key={at} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  );
}
