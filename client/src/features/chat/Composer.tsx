import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { Reply, SendHorizontal, X } from 'lucide-react';
import { useStore } from 'zustand';
import { cx, IconButton, keyOf } from '../../ui';
import { MAX_TEXT, type Chat } from './chat';
import styles from './Composer.module.css';
import { RateLimitNotice } from './RateLimitNotice';

const DRAFT = 'draft';

/** Where one writes. Enter sends, Shift+Enter makes a new line. */
export function Composer({ chat, attach }: { chat: Chat; attach?: ReactNode }) {
  const [text, setText] = useState(() => chat.drafts.read(DRAFT) ?? '');
  const write = (now: string) => {
    setText(now);
    chat.drafts.write(DRAFT, now === '' ? null : now);
  };
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const length = [...text].length;
  const tooLong = length > MAX_TEXT;
  const nearEnd = length > MAX_TEXT - 200;
  const blank = text.trim() === '';
  const answers = useStore(chat.store, (state) => state.replyTo);
  const direct = useStore(chat.roomInfo, (state) => state.room?.kind === 'direct');

  useEffect(() => {
    if (answers) field.current?.focus();
  }, [answers]);

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);

  const send = () => {
    if (blank || tooLong) return;
    chat.send(text.trim());
    write('');
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (keyOf(event) !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <RateLimitNotice chat={chat} />
      {answers && (
        <div className={styles.answers}>
          <Reply size={14} aria-hidden />
          <p>
            Answering <strong dir="auto">{answers.senderName}</strong>: <bdi>{answers.text}</bdi>
          </p>
          <IconButton label="Answer nothing" onClick={() => chat.replyTo(null)}>
            <X size={16} aria-hidden />
          </IconButton>
        </div>
      )}
      {nearEnd && (
        <p
          id={`${id}-note`}
          className={cx(styles.note, tooLong && styles.tooLong)}
          role={tooLong ? 'alert' : undefined}
        >
          {tooLong
            ? `Too long by ${length - MAX_TEXT}: at most ${MAX_TEXT} characters go into one piece.`
            : `${MAX_TEXT - length} characters left`}
        </p>
      )}
      <div className={cx(styles.box, tooLong && styles.wrong)}>
        <label className="visually-hidden" htmlFor={id}>
          Message
        </label>
        <textarea
          ref={field}
          id={id}
          dir="auto"
          className={styles.field}
          rows={1}
          placeholder={direct ? 'Write a message' : 'Write to everyone'}
          value={text}
          aria-invalid={tooLong || undefined}
          aria-describedby={nearEnd ? `${id}-note` : undefined}
          enterKeyHint="send"
          onChange={(event) => {
            write(event.target.value);
            if (event.target.value.trim() === '') chat.stoppedTyping();
            else chat.startedTyping();
          }}
          onBlur={() => chat.stoppedTyping()}
          onKeyDown={onKeyDown}
        />
        {attach}
        <button
          type="submit"
          className={styles.send}
          aria-label="Send"
          title="Send"
          disabled={blank || tooLong}
        >
          <SendHorizontal size={19} aria-hidden />
        </button>
      </div>
    </form>
  );
}
