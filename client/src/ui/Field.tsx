import { useId, type ComponentProps } from 'react';
import { CircleAlert } from 'lucide-react';
import { cx } from './cx';
import styles from './Field.module.css';

/** A labelled input with a hint or, in its place, what is wrong. */
export function Field({
  label,
  hint,
  error,
  className,
  id,
  ...input
}: ComponentProps<'input'> & {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}) {
  const ownId = useId();
  const inputId = id ?? ownId;
  const noteId = `${inputId}-note`;
  const note = error ?? hint;
  return (
    <div className={cx(styles.field, className)}>
      <label className={styles.label} htmlFor={inputId}>
        {label}
      </label>
      <input
        dir="auto"
        {...input}
        // For a dialog, where the browser chooses when it opens.
        data-first={input.autoFocus}
        id={inputId}
        className={cx(styles.input, error && styles.wrong)}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? noteId : undefined}
      />
      {note && (
        <p id={noteId} className={error ? styles.error : styles.hint}>
          {error && <CircleAlert size={14} aria-hidden />}
          {note}
        </p>
      )}
    </div>
  );
}
