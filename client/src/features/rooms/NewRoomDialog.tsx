import { useState } from 'react';
import { useLocation } from 'wouter';
import { api, inWords } from '../../connection';
import { Button, Dialog, Field, Notice } from '../../ui';
import { roomPath } from './roomRef';
import styles from './NewRoomDialog.module.css';

export function NewRoomDialog({ onClose }: { onClose: () => void }) {
  const [title, setTitle] = useState('');
  const [guests, setGuests] = useState(true);
  const [wrong, setWrong] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [, go] = useLocation();

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
      go(roomPath(room.code));
    } catch (error) {
      setProblem(inWords(error, { forbidden: 'Guests cannot open rooms. Please sign up first.' }));
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
          onChange={(event) => {
            setTitle(event.target.value);
            setWrong(undefined);
          }}
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
          <Button look="quiet" onClick={onClose}>
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
