import { useEffect, useRef, useState } from 'react';
import { MAX_TEXT, type Chat } from './chat';
import { saveEditDraft, loadEditDraft } from './editDrafts';
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
  const [kept] = useState(() => loadEditDraft(chat.drafts, message.id));
  const [text, setText] = useState(kept?.text ?? message.text);
  const [busy, setBusy] = useState(false);
  /** Another tab's text of the same moment, which this one has replaced. */
  const [over, setOver] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  /** What it said when this person last saw it here. */
  const [base, setBase] = useState(kept?.base ?? message.text);
  const changed = message.text !== base && !busy;
  const wanted = text.trim();
  const wrong = wanted === '' || [...wanted].length > MAX_TEXT;

  useEffect(() => {
    // One that a new load of the page brought back takes the focus from nothing.
    if (kept) return;
    field.current?.focus();
    field.current?.setSelectionRange(message.text.length, message.text.length);
    // Once, when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const done = () => {
    saveEditDraft(chat.drafts, message.id, null);
    onDone();
  };
  const write = (now: string, from = base) => {
    setText(now);
    setBase(from);
    setOver(undefined);
    saveEditDraft(chat.drafts, message.id, { base: from, text: now });
  };

  const save = async () => {
    if (wrong || busy || changed) return;
    if (wanted === message.text) {
      done();
      return;
    }
    setBusy(true);
    const outcome = await chat.edit(message.id, wanted);
    if (outcome === true) {
      done();
      return;
    }
    setBusy(false);
    if (outcome === false) return;
    setBase(wanted);
    setOver(outcome.over);
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
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (keyOf(event) === 'Escape') {
            event.stopPropagation();
            done();
          }
          if (keyOf(event) !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          void save();
        }}
      />
      {changed ? (
        <Notice kind="wrong">
          It was changed elsewhere meanwhile, to “<bdi>{message.text}</bdi>”.
        </Notice>
      ) : (
        over !== undefined && (
          <Notice kind="wrong">
            In the same moment it was changed elsewhere, to “<bdi>{over}</bdi>”. Yours stands now.
          </Notice>
        )
      )}
      <div className={styles.answers}>
        <Button look="quiet" onClick={done}>
          {over === undefined ? 'Cancel' : 'Keep mine'}
        </Button>
        {changed ? (
          <>
            <Button look="outline" onClick={() => write(message.text, message.text)}>
              Take that
            </Button>
            <Button onClick={() => write(text, message.text)}>Go on with mine</Button>
          </>
        ) : over !== undefined ? (
          <Button look="outline" onClick={() => write(over)}>
            Take that
          </Button>
        ) : (
          <Button type="submit" busy={busy} disabled={wrong || busy}>
            Save
          </Button>
        )}
      </div>
    </form>
  );
}
