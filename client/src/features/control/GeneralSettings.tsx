import { useState } from 'react';
import { api, errorMessage } from '../../connection';
import type { Access, Room, RoomSettings, Whom } from '../../protocol';
import { Button, Checkbox, Field, Notice, Select } from '../../ui';
import type { Control } from './control';
import { changedSettings, checkSettings } from './settings';
import styles from './SettingsDialog.module.css';

const access: readonly { value: Access; label: string }[] = [
  { value: 'link', label: 'Everyone with the link' },
  { value: 'waiting', label: 'Newcomers wait to be let in' },
  { value: 'members', label: 'Members only' },
];
const whom: readonly { value: Whom; label: string }[] = [
  { value: 'everyone', label: 'Everyone' },
  { value: 'mods', label: 'Moderators only' },
];

/**
 * Title and settings. Nothing changes before it is saved; what this person leaves alone shows, and stays, what
 * others make it meanwhile.
 */
export function GeneralSettings({ control, room }: { control: Control; room: Room }) {
  /** The title as it is typed, and what it was when typing began. */
  const [typed, setTyped] = useState<{ title: string; over: string }>();
  const [changes, setChanges] = useState<Partial<RoomSettings>>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [saved, setSaved] = useState(false);
  const title = typed?.title ?? room.title;
  const wanted = { ...room.settings, ...changes };
  const retitled = typed !== undefined && room.title !== typed.over && title.trim() !== room.title;
  const wrong = checkSettings(title, wanted);
  const patch = changedSettings(room.settings, wanted);
  const dirty = title.trim() !== room.title || Object.keys(patch).length > 0;

  const set = <Key extends keyof RoomSettings>(key: Key, value: RoomSettings[Key]) => {
    setSaved(false);
    setChanges({ ...changes, [key]: value });
  };

  const save = async () => {
    if (busy || !dirty || wrong.title || wrong.capacity || wrong.slowModeSec) return;
    setBusy(true);
    setProblem(undefined);
    try {
      if (title.trim() !== room.title) await api.patchRoom(room.roomId, { title: title.trim() });
      setTyped(undefined);
      const asked = Object.keys(patch).length > 0;
      const done = !asked || (await control.changeSettings(patch));
      if (done) setChanges({});
      setSaved(done);
    } catch (error) {
      setProblem(errorMessage(error, { forbidden: 'Your role does not allow that.' }));
    }
    setBusy(false);
  };

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {problem && <Notice kind="wrong">{problem}</Notice>}
      <Field
        label="Title"
        value={title}
        error={wrong.title}
        onChange={(event) => {
          setSaved(false);
          setTyped({ title: event.target.value, over: typed?.over ?? room.title });
        }}
      />
      {retitled && (
        <Notice kind="wrong">
          It was changed meanwhile, to “<bdi>{room.title}</bdi>”. Save replaces that with yours.{' '}
          <Button look="quiet" onClick={() => setTyped(undefined)}>
            Take that
          </Button>
        </Notice>
      )}
      <div className={styles.two}>
        <Select
          label="Who may come in"
          value={wanted.access}
          options={access}
          onChange={(value) => set('access', value)}
        />
        <NumberField
          label="Places"
          value={wanted.capacity}
          max={1000}
          error={wrong.capacity}
          onChange={(value) => set('capacity', value)}
        />
        <Select
          label="Who draws on the board"
          value={wanted.whoDraws}
          options={whom}
          onChange={(value) => set('whoDraws', value)}
        />
        <Select
          label="Who runs the timer"
          value={wanted.whoRunsTimer}
          options={whom}
          onChange={(value) => set('whoRunsTimer', value)}
        />
        <NumberField
          label="Slow mode: seconds between two messages"
          value={wanted.slowModeSec}
          max={3600}
          hint="0 for none. Moderators are free of it."
          error={wrong.slowModeSec}
          onChange={(value) => set('slowModeSec', value)}
        />
      </div>
      <div className={styles.group}>
        <Checkbox
          label="Locked"
          hint="Nobody comes in but moderators."
          checked={wanted.locked}
          onChange={(value) => set('locked', value)}
        />
        <Checkbox
          label="Guests may come in"
          hint="People without an account."
          checked={wanted.guests}
          onChange={(value) => set('guests', value)}
        />
        <Checkbox
          label="Muted people may unmute themselves"
          checked={wanted.selfUnmute}
          onChange={(value) => set('selfUnmute', value)}
        />
        <Checkbox
          label="The timer drives the room"
          hint="Focus rests the microphones, the break gives them back."
          checked={wanted.timerDrivesRoom}
          onChange={(value) => set('timerDrivesRoom', value)}
        />
      </div>
      <div className={styles.save}>
        <p role="status">{saved && !dirty ? 'Saved.' : dirty ? 'Not saved yet.' : ''}</p>
        <Button type="submit" busy={busy} disabled={busy || !dirty}>
          Save
        </Button>
      </div>
    </form>
  );
}

function NumberField({
  label,
  value,
  max,
  hint,
  error,
  onChange,
}: {
  label: string;
  value: number;
  max: number;
  hint?: string;
  error: string | undefined;
  onChange: (value: number) => void;
}) {
  return (
    <Field
      label={label}
      type="number"
      inputMode="numeric"
      min={0}
      max={max}
      value={Number.isNaN(value) ? '' : value}
      hint={hint}
      error={error}
      onChange={(event) => onChange(event.target.valueAsNumber)}
    />
  );
}
