import type { ReactNode } from 'react';
import { CircleAlert, Info } from 'lucide-react';
import { cx } from './cx';
import styles from './Notice.module.css';

/** A message in place. Screen readers announce `wrong` at once. */
export function Notice({
  kind = 'info',
  children,
}: {
  kind?: 'info' | 'wrong';
  children: ReactNode;
}) {
  const Icon = kind === 'wrong' ? CircleAlert : Info;
  return (
    <div
      className={cx(styles.notice, kind === 'wrong' && styles.wrong)}
      role={kind === 'wrong' ? 'alert' : undefined}
    >
      <Icon size={18} aria-hidden />
      <div>{children}</div>
    </div>
  );
}
