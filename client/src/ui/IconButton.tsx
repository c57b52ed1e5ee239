import type { ComponentProps } from 'react';
import { cx } from './cx';
import styles from './IconButton.module.css';

/** A button that shows an icon only; `label` is its name and its tooltip. */
export function IconButton({
  label,
  className,
  type = 'button',
  ...rest
}: Omit<ComponentProps<'button'>, 'aria-label' | 'title'> & { label: string }) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className={cx(styles.button, className)}
    />
  );
}
