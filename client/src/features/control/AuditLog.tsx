import { useCallback, useEffect, useState } from 'react';
import { api, errorMessage } from '../../connection';
import type { AuditEntry, RoomId } from '../../protocol';
import { Button, Notice } from '../../ui';
import { entryInWords } from './audit';
import styles from './SettingsDialog.module.css';
import { useLoaded } from './useLoaded';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' });

interface Shown {
  /** The newest first. */
  entries: readonly AuditEntry[];
  next: number | null;
}

/** Who came and went, and who decided what. */
export function AuditLog({ roomId }: { roomId: RoomId }) {
  const [shown, setShown] = useState<Shown>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const loadMembers = useCallback(() => api.members(roomId), [roomId]);
  const { value: members } = useLoaded(loadMembers);

  const load = useCallback(
    async (more?: Shown) => {
      setBusy(true);
      try {
        const page = await api.audit(roomId, more?.next ?? undefined);
        const entries = [...(more?.entries ?? []), ...page.entries.toReversed()];
        setShown({ entries, next: page.next });
        setProblem(undefined);
      } catch (error) {
        setProblem(errorMessage(error));
      }
      setBusy(false);
    },
    [roomId],
  );
  // eslint-disable-next-line react-hooks/set-state-in-effect
  useEffect(() => void load(), [load]);

  const nameOf = (userId: string) =>
    members?.members.find((member) => member.userId === userId)?.name ??
    shown?.entries.find((entry) => entry.userId === userId)?.name ??
    'someone who is gone';

  return (
    <>
      {problem && <Notice kind="wrong">{problem}</Notice>}
      {shown?.entries.length === 0 && <p className={styles.none}>Nothing has happened yet.</p>}
      <ol className={styles.list} aria-label="What happened">
        {shown?.entries.map((entry) => (
          <li key={entry.seq} className={styles.entry}>
            <span>
              <strong dir="auto">{entry.name ?? 'Someone who is gone'}</strong>{' '}
              {entryInWords(entry, nameOf)}
            </span>
            <time dateTime={new Date(entry.timestamp).toISOString()}>
              {when.format(entry.timestamp)}
            </time>
          </li>
        ))}
      </ol>
      {shown?.next != null && (
        <div className={styles.more}>
          <Button look="quiet" busy={busy} onClick={() => void load(shown)}>
            Show earlier
          </Button>
        </div>
      )}
    </>
  );
}
