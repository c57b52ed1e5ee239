import { useEffect, useRef, useState } from 'react';
import { MAX_TEXT, type Chat } from './chat';
import type { Message } from '../../protocol';
import { Button, keyOf } from '../../ui';
import styles from './EditField.module.css';

/** Another text for a message of one's own. Enter saves, Escape leaves it as it was. */
export function EditField({
  chat,
  message,
  onDone,
}: {
  chat: Chat;
  message: Message;
  onDone: () => void;
}) {
  const [text, setText] = useState(message.text);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const wanted = text.trim();
  const wrong = wanted === '' || [...wanted].length > MAX_TEXT;

  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(message.text.length, message.text.length);
    // Once, when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const save = async () => {
    if (wrong || busy) return;
    if (wanted === message.text) {
      onDone();
      return;
    }
    setBusy(true);
    if (await chat.edit(message.id, wanted)) onDone();
    else setBusy(false);
  };

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        ref={field}
        dir="auto"
        className={styles.field}
        aria-label="New text"
        rows={Math.min(8, text.split('\n').length + Math.floor(text.length / 44))}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (keyOf(event) === 'Escape') {
            event.stopPropagation();
            onDone();
          }
          if (keyOf(event) !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          void save();
        }}
      />
      <div className={styles.answers}>
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" busy={busy} disabled={wrong || busy}>
          Save
        </Button>
      </div>
    </form>
  );
}
