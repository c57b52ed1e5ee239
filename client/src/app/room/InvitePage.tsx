import { Link } from 'wouter';
import { GuestForm } from '../../features/auth';
import { roomPath } from '../../features/rooms';
import type { RoomPreview } from '../../protocol';
import { buttonClass } from '../../ui';
import { CardPage } from '../CardPage';
import { withNext } from '../next';
import styles from './RoomCards.module.css';

/** For someone with the link who is not signed in. */
export function InvitePage({ preview }: { preview: RoomPreview }) {
  const here = roomPath(preview.code);
  return (
    <CardPage over="You are invited to" title={preview.title}>
      {preview.guests ? (
        <>
          <GuestForm room={preview.roomId} />
          <p className={styles.or}>or with your account</p>
        </>
      ) : (
        <p className={styles.text}>
          This room is for people with an account. It takes a name, an email address and a password.
        </p>
      )}
      <div className={styles.actions}>
        <Link href={withNext('/sign-in', here)} className={buttonClass('outline')}>
          Sign in
        </Link>
        <Link
          href={withNext('/sign-up', here)}
          className={buttonClass(preview.guests ? 'outline' : 'primary')}
        >
          Sign up
        </Link>
      </div>
    </CardPage>
  );
}
