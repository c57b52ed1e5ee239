import { Link } from 'wouter';
import { Button, buttonClass } from '../../ui';
import { CardPage } from '../CardPage';
import { usePageTitle } from '../pageTitle';
import styles from './RoomCards.module.css';

/** For someone whom a moderator did not admit or removed. */
export function SentAwayPage({
  title,
  words,
  reason,
  onAgain,
}: {
  title: string;
  words: string;
  reason?: string | undefined;
  onAgain?: (() => void) | undefined;
}) {
  usePageTitle(title);
  return (
    <CardPage title={title}>
      <p className={styles.text}>{words}</p>
      {reason !== undefined && (
        <blockquote className={styles.reason} dir="auto">
          {reason}
        </blockquote>
      )}
      <div className={styles.actions}>
        {onAgain && (
          <Button look="outline" onClick={onAgain}>
            Ask again
          </Button>
        )}
        <Link href="/lobby" className={buttonClass('outline')}>
          To my rooms
        </Link>
      </div>
    </CardPage>
  );
}
