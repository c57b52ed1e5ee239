import { useCallback, useState } from 'react';
import { api } from '../../connection';
import type { BannedUser } from '../../protocol';
import { Avatar, Button, isolated, Notice } from '../../ui';
import type { Control } from './control';
import styles from './SettingsDialog.module.css';
import { usePages } from './usePages';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Who may not come back, and letting them. */
export function Bans({ control }: { control: Control }) {
  const load = useCallback(
    async (after?: string) => {
      const { bans, next } = await api.bans(control.roomId, after);
      return { items: bans, next };
    },
    [control.roomId],
  );
  const { items, problem, isMore, more, again } = usePages(load);
  return (
    <>
      {problem && <Notice kind="wrong">{problem}</Notice>}
      {!items && !problem && <p role="status">One moment…</p>}
      {items?.length === 0 && <p className={styles.none}>Nobody is banned.</p>}
      <ul className={styles.list} aria-label="Banned people">
        {items?.map((ban) => (
          <Row key={ban.userId} ban={ban} control={control} onLifted={again} />
        ))}
      </ul>
      {isMore && (
        <div className={styles.more}>
          <Button look="quiet" onClick={more}>
            Show earlier
          </Button>
        </div>
      )}
    </>
  );
}

function Row({
  ban,
  control,
  onLifted,
}: {
  ban: BannedUser;
  control: Control;
  onLifted: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const lift = async () => {
    setBusy(true);
    if (await control.unban(ban.userId)) onLifted();
    setBusy(false);
  };
  return (
    <li className={styles.row}>
      <Avatar name={ban.name} seed={ban.userId} size={36} />
      <span className={styles.words}>
        <bdi>{ban.name}</bdi>
        <small>
          {when.format(ban.at)}
          {ban.reason !== undefined && `: “${isolated(ban.reason)}”`}
        </small>
      </span>
      <Button look="outline" busy={busy} onClick={() => void lift()}>
        Lift the ban
      </Button>
    </li>
  );
}
