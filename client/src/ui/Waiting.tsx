import { Logo } from './Logo';
import styles from './Waiting.module.css';

/** A whole page that waits. It appears late, so that quick answers do not flash. */
export function Waiting({ children }: { children: string }) {
  return (
    <div className={styles.page} role="status">
      <div className={styles.logo}>
        <Logo size={48} />
      </div>
      <p>{children}</p>
    </div>
  );
}
