import { useRef } from 'react';
import { api, errorMessage, session } from '../../connection';
import type { UserProfile } from '../../protocol';
import { Avatar, Button, Notice } from '../../ui';
import styles from './AvatarField.module.css';
import { UnusablePicture, uploadAvatar } from './avatarUpload';
import { useSubmit } from './useSubmit';

/** The avatar: uploaded at once, apart from the rest of the form. */
export function AvatarField({ user }: { user: UserProfile }) {
  const picker = useRef<HTMLInputElement>(null);
  const { busy, problem, run } = useSubmit((error) =>
    error instanceof UnusablePicture ? error.message : errorMessage(error),
  );
  const take = async (file: File) =>
    session.setUser(await uploadAvatar(file, new AbortController().signal));
  const remove = async () => {
    await api.removeAvatar();
    const { avatarUrl: _, ...without } = user;
    session.setUser(without);
  };
  return (
    <section className={styles.field} aria-label="Picture">
      <Avatar name={user.name} seed={user.userId} size={72} picture={user.avatarUrl} />
      <div className={styles.buttons}>
        <input
          ref={picker}
          type="file"
          accept="image/*"
          hidden
          data-testid="avatar-picker"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            // The same file may be chosen again.
            event.target.value = '';
            if (file) void run(() => take(file));
          }}
        />
        <Button look="outline" busy={busy} onClick={() => picker.current?.click()}>
          {user.avatarUrl === undefined ? 'Choose a picture' : 'Change the picture'}
        </Button>
        {user.avatarUrl !== undefined && (
          <Button look="outline" disabled={busy} onClick={() => void run(remove)}>
            Remove it
          </Button>
        )}
      </div>
      {problem && <Notice kind="wrong">{problem}</Notice>}
    </section>
  );
}
