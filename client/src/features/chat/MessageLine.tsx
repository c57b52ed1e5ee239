import { useContext, useState } from 'react';
import { Clock, CircleAlert, Pin, Reply } from 'lucide-react';
import type { Reaction, UserId } from '../../protocol';
import { cx, isolated } from '../../ui';
import { AttachmentView } from './attachmentView';
import type { Chat } from './chat';
import { EditField } from './EditField';
import { loadEditDraft } from './editDrafts';
import type { Line, Quote } from './grouping';
import { LinkedText } from './LinkedText';
import styles from './MessageGroup.module.css';
import { MessageMenu } from './MessageMenu';

const exactly = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/** One message. */
export function MessageLine({
  line,
  chat,
  nameOf,
}: {
  line: Line;
  chat: Chat;
  nameOf: (userId: UserId) => string;
}) {
  const { eventId, message } = line;
  const [editing, setEditing] = useState(
    () =>
      message?.senderId === chat.me.userId && loadEditDraft(chat.drafts, message.id) !== undefined,
  );
  const view = useContext(AttachmentView);

  return (
    <div
      className={cx(styles.line, styles[line.state])}
      data-testid="message"
      data-state={line.state}
      data-message-id={message?.id}
      title={exactly.format(line.at)}
    >
      {line.answers && <QuoteLine quote={line.answers} chat={chat} />}
      {editing && message && !line.deleted ? (
        <EditField chat={chat} message={message} onDone={() => setEditing(false)} />
      ) : (
        <Said line={line} />
      )}
      {line.attachments.map((file) => (
        <div key={file.fileUrl}>{view(file)}</div>
      ))}
      {message && line.reactions.length > 0 && (
        <Reactions
          reactions={line.reactions}
          me={chat.me.userId}
          nameOf={nameOf}
          onToggle={(emoji, on) => chat.react(message.id, emoji, on)}
        />
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
      {message && !line.deleted && !editing && (
        <div className={styles.actions}>
          <MessageMenu chat={chat} message={message} onEdit={() => setEditing(true)} />
        </div>
      )}
    </div>
  );
}

function Said({ line }: { line: Line }) {
  if (line.deleted) return <p className={styles.deleted}>Message deleted</p>;
  return (
    <p className={styles.text} dir="auto">
      <LinkedText text={line.text} />
      {line.edited && <span className={styles.edited}> (edited)</span>}
      {line.message?.pinned && (
        <span className={styles.sign} title="Pinned">
          <Pin size={13} aria-label="Pinned" />
        </span>
      )}
      {line.state === 'sending' && (
        <span className={styles.sign} title="On its way">
          <Clock size={13} aria-label="On its way" />
        </span>
      )}
    </p>
  );
}

function QuoteLine({ quote, chat }: { quote: Quote; chat: Chat }) {
  if (quote === 'elsewhere') {
    return (
      <p className={styles.quote}>
        <Reply size={13} aria-hidden /> Answers an earlier message
      </p>
    );
  }
  return (
    <button
      type="button"
      className={styles.quote}
      aria-label={`Answers ${isolated(quote.senderName)}. Show what`}
      onClick={() => void chat.jumpTo(quote)}
    >
      <Reply size={13} aria-hidden />
      <strong dir="auto">{quote.senderName}</strong>
      <span dir="auto">{quote.text}</span>
    </button>
  );
}

function Reactions({
  reactions,
  me,
  nameOf,
  onToggle,
}: {
  reactions: readonly Reaction[];
  me: UserId;
  nameOf: (userId: UserId) => string;
  onToggle: (emoji: string, on: boolean) => void;
}) {
  return (
    <div className={styles.reactions} role="group" aria-label="Reactions">
      {reactions.map(({ emoji, userIds }) => {
        const mine = userIds.includes(me);
        const names = userIds.map((id) => (id === me ? 'you' : isolated(nameOf(id)))).join(', ');
        return (
          <button
            key={emoji}
            type="button"
            className={styles.reaction}
            aria-pressed={mine}
            aria-label={`${emoji} by ${names}`}
            title={names}
            onClick={() => onToggle(emoji, !mine)}
          >
            {emoji} <span aria-hidden>{userIds.length}</span>
          </button>
        );
      })}
    </div>
  );
}
