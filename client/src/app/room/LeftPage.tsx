import { Link } from 'wouter';
import { Button, buttonClass } from '../../ui';
import { CardPage } from '../CardPage';
import { usePageTitle } from '../pageTitle';
import styles from './RoomCards.module.css';

export function LeftPage({ title, onAgain }: { title: string; onAgain: () => void }) {
  usePageTitle(title);
  return (
    <CardPage over="You left" title={title}>
      <p className={styles.text}>The chat and the whiteboard stay as they are, until next time.</p>
      <div className={styles.actions}>
        <Button onClick={onAgain}>Come back in</Button>
        <Link href="/lobby" className={buttonClass('outline')}>
          To my rooms
        </Link>
      </div>
    </CardPage>
  );
}
