import { useState, type ReactNode } from 'react';
import { Button, Field, Notice } from '../../ui';
import type { Wrong } from './check';
import { focusFirst } from './focusFirst';
import styles from './AuthForm.module.css';
import { useSubmit } from './useSubmit';

type Kind = 'name' | 'email' | 'password' | 'newPassword';
export type Typed = Record<'name' | 'email' | 'password', string>;

const inputs = {
  name: { name: 'name', label: 'Name', autoComplete: 'name', maxLength: 120 },
  email: {
    name: 'email',
    label: 'Email',
    type: 'email',
    inputMode: 'email',
    autoComplete: 'username',
  },
  password: {
    name: 'password',
    label: 'Password',
    type: 'password',
    autoComplete: 'current-password',
  },
  newPassword: {
    name: 'password',
    label: 'Password',
    type: 'password',
    autoComplete: 'new-password',
    hint: '8 characters or more',
  },
} as const;

/** A form that tells who one is: checked here first, then by the server. */
export function AuthForm({
  fields,
  labels = {},
  button,
  check,
  submit,
  errorMessage,
  children,
}: {
  fields: readonly Kind[];
  /** Where the field's own label does not fit. */
  labels?: Partial<Record<Kind, string>>;
  button: string;
  check: (typed: Typed) => Wrong;
  submit: (typed: Typed) => Promise<void>;
  errorMessage: (error: unknown) => string;
  /** Below the button. */
  children?: ReactNode;
}) {
  const [typed, setTyped] = useState<Typed>({ name: '', email: '', password: '' });
  const [wrong, setWrong] = useState<Wrong>({});
  const { busy, problem, run } = useSubmit(errorMessage);

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = check(typed);
        setWrong(found);
        if (focusFirst(event.currentTarget, found)) return;
        const { name, email, password } = typed;
        void run(() => submit({ name: name.trim(), email: email.trim(), password }));
      }}
    >
      {problem && <Notice kind="wrong">{problem}</Notice>}
      {fields.map((kind) => {
        const { name, ...input } = inputs[kind];
        return (
          <Field
            key={kind}
            {...input}
            name={name}
            label={labels[kind] ?? input.label}
            value={typed[name]}
            error={wrong[name]}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        );
      })}
      <Button type="submit" size="lg" busy={busy}>
        {button}
      </Button>
      {children}
    </form>
  );
}
