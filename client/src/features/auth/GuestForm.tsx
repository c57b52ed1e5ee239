import { useState } from 'react';
import { inWords, session } from '../../connection';
import type { RoomRef } from '../../protocol';
import { Button, Field, Notice } from '../../ui';
import { checkName, type Wrong } from './check';
import { focusFirst } from './focusFirst';
import styles from './AuthForm.module.css';
import { useSubmit } from './useSubmit';

/** Into one room without an account. */
export function GuestForm({ room }: { room: RoomRef }) {
  const [name, setName] = useState('');
  const [wrong, setWrong] = useState<Wrong>({});
  const { busy, problem, run } = useSubmit((error) =>
    inWords(error, { forbidden: 'This room takes no guests any more. Please sign in.' }),
  );

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const words = checkName(name);
        const found: Wrong = words ? { name: words } : {};
        setWrong(found);
        if (focusFirst(event.currentTarget, found)) return;
        void run(() => session.guest({ name: name.trim(), roomId: room }));
      }}
    >
      {problem && <Notice kind="wrong">{problem}</Notice>}
      <Field
        label="Your name"
        name="name"
        autoComplete="name"
        maxLength={120}
        value={name}
        error={wrong.name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" size="lg" busy={busy}>
        Continue as guest
      </Button>
    </form>
  );
}
