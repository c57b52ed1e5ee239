import { Logo } from './Logo';
import styles from './LoadingScreen.module.css';

/** A full-page loading state. It appears late, so that quick answers do not flash. */
export function LoadingScreen({ children }: { children: string }) {
  return (
    <div className={styles.page} role="status">
      <div className={styles.logo}>
        <Logo size={48} />
      </div>
      <p>{children}</p>
    </div>
  );
}
