import { useState } from 'react';
import { inWords, session } from '../../connection';
import { Button, Field, Notice } from '../../ui';
import { checkSignIn, type Wrong } from './check';
import { focusFirst } from './focusFirst';
import styles from './AuthForm.module.css';
import { useSubmit } from './useSubmit';

export function SignInForm() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<Wrong>({});
  const { busy, problem, run } = useSubmit((error) =>
    inWords(error, {
      unauthorized: 'Email address and password do not fit together.',
      bad_request: 'Email address and password do not fit together.',
    }),
  );

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = checkSignIn({ email, password });
        setWrong(found);
        if (focusFirst(event.currentTarget, found)) return;
        void run(() => session.login({ email: email.trim(), password }));
      }}
    >
      {problem && <Notice kind="wrong">{problem}</Notice>}
      <Field
        label="Email"
        name="email"
        type="email"
        inputMode="email"
        autoComplete="username"
        value={email}
        error={wrong.email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        value={password}
        error={wrong.password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" size="lg" busy={busy}>
        Sign in
      </Button>
    </form>
  );
}
