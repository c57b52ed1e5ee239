import type { ReactNode } from 'react';
import { ThemeMenu } from '../ui';
import { Brand } from './Brand';
import { useHeading } from './useHeading';
import styles from './CardPage.module.css';

/** A page with one thing on it. */
export function CardPage({
  over,
  title,
  children,
}: {
  over?: string;
  title: string;
  children: ReactNode;
}) {
  const heading = useHeading();
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Brand />
        <ThemeMenu />
      </header>
      <main className={styles.main}>
        <div className={styles.card}>
          <div className={styles.heading}>
            {over && <p className={styles.over}>{over}</p>}
            <h1 ref={heading} tabIndex={-1} className={styles.title} dir="auto">
              {title}
            </h1>
          </div>
          {children}
        </div>
      </main>
    </div>
  );
}
