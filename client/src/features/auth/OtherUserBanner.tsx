import { errorMessage, session } from '../../connection';
import { Button } from '../../ui';
import styles from './OtherUserBanner.module.css';
import { useSession } from './useSession';
import { useSubmit } from './useSubmit';

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

/** In a room: someone signed in in another tab, and this one is still who it was. */
export function OtherUserBanner() {
  const state = useSession();
  const { busy, problem, run } = useSubmit(errorMessage);
  const other = state.phase === 'signedIn' ? state.other : undefined;
  return (
    <div role="status" className={styles.place}>
      {state.phase === 'signedIn' && other && (
        <div className={styles.banner}>
          <p>
            You signed in as <strong dir="auto">{other.user.name}</strong> in another tab. Here you
            are still {state.user.guest ? 'the guest ' : ''}
            <strong dir="auto">{state.user.name}</strong>
            {other.until === null ? '.' : `, until ${clock.format(other.until)}.`}
            {problem !== undefined && ` ${problem}`}
          </p>
          <Button busy={busy} onClick={() => void run(() => session.switchUser())}>
            Rejoin as <bdi>{other.user.name}</bdi>
          </Button>
        </div>
      )}
    </div>
  );
}
