import { useState } from 'react';
import { api, errorMessage, session } from '../../connection';
import type { PatchProfile, UserProfile } from '../../protocol';
import { Button, Dialog, Field, Notice, Select } from '../../ui';
import { validateName } from './validation';
import styles from './AuthForm.module.css';
import { AvatarField } from './AvatarField';
import { browserZone, zones } from './timeZone';
import { useSubmit } from './useSubmit';

/** What a person may say about themselves; what they leave alone stays what another tab makes it meanwhile. */
export function ProfileDialog({ user, onClose }: { user: UserProfile; onClose: () => void }) {
  const [typed, setTyped] = useState<string>();
  const [zone, setZone] = useState<string>();
  const [name, timeZone] = [typed ?? user.name, zone ?? user.timeZone];
  const [wrong, setWrong] = useState<string>();
  const { busy, problem, run } = useSubmit((error) =>
    errorMessage(error, { bad_request: 'The server did not take this.' }),
  );
  const here = browserZone();

  const save = async () => {
    const patch: PatchProfile = {
      ...(name.trim() === user.name ? {} : { name: name.trim() }),
      ...(timeZone === user.timeZone ? {} : { timeZone }),
    };
    if (Object.keys(patch).length > 0) session.setUser(await api.patchMe(patch));
    onClose();
  };

  return (
    <Dialog title="Profile" onClose={onClose}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const words = validateName(name);
          setWrong(words);
          if (!words) void run(save);
        }}
      >
        {problem && <Notice kind="wrong">{problem}</Notice>}
        <AvatarField user={user} />
        <Field
          label="Name"
          autoComplete="name"
          maxLength={120}
          value={name}
          error={wrong}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Select
          label="Time zone"
          hint="Days of focus begin and end in it."
          value={timeZone}
          options={zones(timeZone).map((zone) => ({
            value: zone,
            label: zone.replaceAll('_', ' '),
          }))}
          onChange={setZone}
        />
        {timeZone !== here && (
          <Button look="outline" onClick={() => setZone(here)}>
            Use {here.replaceAll('_', ' ')}, where this browser is
          </Button>
        )}
        <Button type="submit" busy={busy}>
          Save
        </Button>
      </form>
      <Everywhere />
    </Dialog>
  );
}

function Everywhere() {
  const { busy, problem, run } = useSubmit(errorMessage);
  return (
    <section className={styles.everywhere}>
      {problem && <Notice kind="wrong">{problem}</Notice>}
      <p>Lost a device, or forgot to sign out somewhere?</p>
      <Button look="outline" busy={busy} onClick={() => void run(() => session.logout(true))}>
        Sign out everywhere
      </Button>
    </section>
  );
}
