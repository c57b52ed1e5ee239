import type { ReactNode } from 'react';
import { Button } from './Button';
import styles from './ConfirmDialog.module.css';
import { Dialog } from './Dialog';

/** Asks for confirmation before something that is hard to undo. */
export function ConfirmDialog({
  title,
  yes,
  no = 'Cancel',
  busy,
  disabled,
  onYes,
  onClose,
  children,
}: {
  title: string;
  yes: string;
  no?: string;
  busy?: boolean | undefined;
  disabled?: boolean | undefined;
  onYes: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className={styles.body}
        onSubmit={(event) => {
          event.preventDefault();
          onYes();
        }}
      >
        {children}
        <div className={styles.answers}>
          <Button look="outline" onClick={onClose}>
            {no}
          </Button>
          <Button type="submit" look="danger" busy={busy} disabled={disabled}>
            {yes}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
