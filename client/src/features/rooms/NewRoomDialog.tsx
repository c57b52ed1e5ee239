import { useState } from 'react';
import { useLocation } from 'wouter';
import { api, errorMessage, draftStore } from '../../connection';
import type { UserProfile } from '../../protocol';
import { Button, Dialog, Field, Notice } from '../../ui';
import { roomPath } from './roomRef';
import styles from './NewRoomDialog.module.css';

const TITLE = 'new-room';

/** The name that is typed is kept over a reload, until there is the room or it is not wanted. */
export function NewRoomDialog({ user, onClose }: { user: UserProfile; onClose: () => void }) {
  const [drafts] = useState(() => draftStore(user.userId, 'lobby'));
  const [title, setTitle] = useState(() => drafts.read(TITLE) ?? '');
  const [guests, setGuests] = useState(true);
  const [wrong, setWrong] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [, go] = useLocation();

  const write = (now: string) => {
    setTitle(now);
    setWrong(undefined);
    drafts.write(TITLE, now === '' ? null : now);
  };

  const create = async () => {
    const length = [...title.trim()].length;
    if (length === 0 || length > 120) {
      setWrong(length === 0 ? 'Please give the room a name.' : 'At most 120 characters, please.');
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      const room = await api.createRoom({ title: title.trim(), settings: { guests } });
      drafts.write(TITLE, null);
      go(roomPath(room.code));
    } catch (error) {
      setProblem(
        errorMessage(error, { forbidden: 'Guests cannot open rooms. Please sign up first.' }),
      );
      setBusy(false);
    }
  };

  return (
    <Dialog title="A new room" onClose={onClose}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void create();
        }}
      >
        {problem && <Notice kind="wrong">{problem}</Notice>}
        <Field
          label="Room name"
          autoFocus
          autoComplete="off"
          placeholder="Linear algebra, Tuesdays"
          value={title}
          error={wrong}
          onChange={(event) => write(event.target.value)}
        />
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={guests}
            onChange={(event) => setGuests(event.target.checked)}
          />
          <span>
            Guests may come in
            <small>Who has the link can join without an account.</small>
          </span>
        </label>
        <div className={styles.actions}>
          <Button
            look="quiet"
            onClick={() => {
              write('');
              onClose();
            }}
          >
            Cancel
          </Button>
          <Button type="submit" busy={busy}>
            Create room
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
