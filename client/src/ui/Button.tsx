import type { ComponentProps } from 'react';
import { cx } from './cx';
import styles from './Button.module.css';

export type ButtonLook = 'primary' | 'quiet' | 'outline' | 'danger';

interface Looks {
  look?: ButtonLook | undefined;
  size?: 'md' | 'lg' | undefined;
  /** Shows that the work goes on, and takes no second click. */
  busy?: boolean | undefined;
}

export function Button({
  look = 'primary',
  size = 'md',
  busy = false,
  type = 'button',
  className,
  children,
  disabled,
  ...rest
}: ComponentProps<'button'> & Looks) {
  return (
    <button
      {...rest}
      type={type}
      className={cx(buttonClass(look, size), className)}
      disabled={disabled ?? busy}
      aria-busy={busy || undefined}
    >
      {busy && <span className={styles.spinner} aria-hidden />}
      {children}
    </button>
  );
}

/** For links that look like buttons. */
export function buttonClass(look: ButtonLook = 'primary', size: 'md' | 'lg' = 'md'): string {
  return cx(styles.button, styles[look], size === 'lg' && styles.lg);
}
