import { useState, type ReactNode } from 'react';
import { Button, Field, Notice } from '../../ui';
import type { FieldErrors } from './validation';
import { focusFirstInvalid } from './focusFirstInvalid';
import styles from './AuthForm.module.css';
import { useSubmit } from './useSubmit';

type Kind = 'name' | 'email' | 'password' | 'newPassword';
export type FormValues = Record<'name' | 'email' | 'password', string>;

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

/** A form of credentials: validated here first, then by the server. */
export function AuthForm({
  fields,
  labels = {},
  button,
  validate,
  submit,
  errorMessage,
  children,
}: {
  fields: readonly Kind[];
  /** Where the field's own label does not fit. */
  labels?: Partial<Record<Kind, string>>;
  button: string;
  validate: (typed: FormValues) => FieldErrors;
  submit: (typed: FormValues) => Promise<void>;
  errorMessage: (error: unknown) => string;
  /** Below the button. */
  children?: ReactNode;
}) {
  const [values, setValues] = useState<FormValues>({ name: '', email: '', password: '' });
  const [errors, setErrors] = useState<FieldErrors>({});
  const { busy, problem, run } = useSubmit(errorMessage);

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = validate(values);
        setErrors(found);
        if (focusFirstInvalid(event.currentTarget, found)) return;
        const { name, email, password } = values;
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
            value={values[name]}
            error={errors[name]}
            onChange={(event) => setValues({ ...values, [name]: event.target.value })}
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
