import { errorMessage, session, type OtherUser } from '../../connection';
import type { UserProfile } from '../../protocol';
import { Button, Notice } from '../../ui';
import { useSubmit } from './useSubmit';

/** Why one is no longer who one was, and the way on. */
export function ReplacedNotice({ user, other }: { user: UserProfile; other: OtherUser }) {
  const { busy, problem, run } = useSubmit(errorMessage);
  return (
    <>
      <p>
        You signed in as <bdi>{other.user.name}</bdi> in another tab, so{' '}
        {user.guest ? 'your visit' : 'your session'} as <bdi>{user.name}</bdi> could not be renewed
        here.
      </p>
      {problem !== undefined && <Notice kind="wrong">{problem}</Notice>}
      <Button busy={busy} onClick={() => void run(() => session.switchUser())}>
        Go on as <bdi>{other.user.name}</bdi>
      </Button>
    </>
  );
}
