import { Link } from 'wouter';
import type { RefusalText } from '../../features/rooms';
import { Button, buttonClass } from '../../ui';
import { CardPage } from '../CardPage';
import styles from './RoomCards.module.css';

/** Why one is not in the room, and what one can do about it. */
export function RefusedPage({
  words,
  onAgain,
}: {
  words: RefusalText;
  onAgain?: (() => void) | undefined;
}) {
  return (
    <CardPage title={words.title}>
      <p className={styles.text}>{words.text}</p>
      <div className={styles.actions}>
        {words.again && onAgain && <Button onClick={onAgain}>Try again</Button>}
        <Link href="/lobby" className={buttonClass('outline')}>
          To my rooms
        </Link>
      </div>
    </CardPage>
  );
}
