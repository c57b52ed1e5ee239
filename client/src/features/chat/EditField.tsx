import { useEffect, useRef, useState } from 'react';
import { MAX_TEXT, type Chat } from './chat';
import type { Message } from '../../protocol';
import { Button, keyOf, Notice } from '../../ui';
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
  /** What it said when this person last saw it here. */
  const [base, setBase] = useState(message.text);
  const changed = message.text !== base && !busy;
  const wanted = text.trim();
  const wrong = wanted === '' || [...wanted].length > MAX_TEXT;

  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(message.text.length, message.text.length);
    // Once, when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const save = async () => {
    if (wrong || busy || changed) return;
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
      // Within the log, where what one writes is no news.
      aria-live="off"
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
      {changed && (
        <Notice kind="wrong">
          It was changed elsewhere meanwhile, to “<bdi>{message.text}</bdi>”.
        </Notice>
      )}
      <div className={styles.answers}>
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
        {changed ? (
          <>
            <Button
              look="outline"
              onClick={() => {
                setText(message.text);
                setBase(message.text);
              }}
            >
              Take that
            </Button>
            <Button onClick={() => setBase(message.text)}>Go on with mine</Button>
          </>
        ) : (
          <Button type="submit" busy={busy} disabled={wrong || busy}>
            Save
          </Button>
        )}
      </div>
    </form>
  );
}
