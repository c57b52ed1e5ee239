import { useCallback, useState } from 'react';
import { api } from '../../connection';
import type { BannedUser } from '../../protocol';
import { Avatar, Button, isolated, Notice } from '../../ui';
import type { Control } from './control';
import styles from './SettingsDialog.module.css';
import { useLoaded } from './useLoaded';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Who may not come back, and letting them. */
export function Bans({ control }: { control: Control }) {
  const load = useCallback(() => api.bans(control.roomId), [control.roomId]);
  const { value, problem, again } = useLoaded(load);
  return (
    <>
      {problem && <Notice kind="wrong">{problem}</Notice>}
      {!value && !problem && <p role="status">One moment…</p>}
      {value?.bans.length === 0 && <p className={styles.none}>Nobody is banned.</p>}
      <ul className={styles.list} aria-label="Banned people">
        {value?.bans.map((ban) => (
          <Row key={ban.userId} ban={ban} control={control} onLifted={again} />
        ))}
      </ul>
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
