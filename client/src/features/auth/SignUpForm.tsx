import { useState } from 'react';
import { inWords, session } from '../../connection';
import { Button, Field, Notice } from '../../ui';
import { checkSignUp, type Wrong } from './check';
import { focusFirst } from './focusFirst';
import styles from './AuthForm.module.css';
import { useSubmit } from './useSubmit';

export function SignUpForm() {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<Wrong>({});
  const { busy, problem, run } = useSubmit((error) =>
    inWords(error, {
      conflict: 'There is an account with this email address already. Try signing in instead.',
      bad_request: 'The server did not take this. Please check the three fields.',
    }),
  );

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = checkSignUp({ name, email, password });
        setWrong(found);
        if (focusFirst(event.currentTarget, found)) return;
        void run(() => session.signup({ name: name.trim(), email: email.trim(), password }));
      }}
    >
      {problem && <Notice kind="wrong">{problem}</Notice>}
      <Field
        label="Name"
        name="name"
        autoComplete="name"
        maxLength={120}
        value={name}
        error={wrong.name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label="Email"
        name="email"
        type="email"
        inputMode="email"
        autoComplete="email"
        value={email}
        error={wrong.email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint="8 characters or more"
        value={password}
        error={wrong.password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" size="lg" busy={busy}>
        Create account
      </Button>
    </form>
  );
}
