import { useState } from 'react';
import { Download, Link, Trash2 } from 'lucide-react';
import { api, errorMessage } from '../../connection';
import type { Room } from '../../protocol';
import { Button, ConfirmDialog, Field, isolated, Notice, saveFile } from '../../ui';
import styles from './SettingsDialog.module.css';

/** All of the room as a file; and the end of it. */
export function RoomData({
  room,
  owner,
  onDeleted,
}: {
  room: Room;
  owner: boolean;
  onDeleted: () => void;
}) {
  const [busy, setBusy] = useState<'export' | 'renew' | 'delete'>();
  const [problem, setProblem] = useState<string>();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');

  const run = async (what: 'export' | 'renew' | 'delete', work: () => Promise<void>) => {
    setBusy(what);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(errorMessage(error, { forbidden: 'Your role does not allow that.' }));
    }
    setBusy(undefined);
  };

  return (
    <>
      {problem && <Notice kind="wrong">{problem}</Notice>}
      <section className={styles.section}>
        <h3>Export</h3>
        <p>Everything that was said, drawn and decided here, as JSON lines.</p>
        <Button
          look="outline"
          busy={busy === 'export'}
          onClick={() =>
            void run('export', async () =>
              saveFile(await api.exported(room.roomId), room.title + '.jsonl'),
            )
          }
        >
          <Download size={17} aria-hidden /> Save as a file
        </Button>
      </section>
      <section className={styles.section}>
        <h3>New link</h3>
        <p>Links and the code that are out now lead nowhere any more. Members stay.</p>
        <Button
          look="outline"
          busy={busy === 'renew'}
          onClick={() =>
            void run('renew', async () => {
              await api.patchRoom(room.roomId, { renewCode: true });
            })
          }
        >
          <Link size={17} aria-hidden /> Give the room a new link
        </Button>
      </section>
      {owner && (
        <section className={styles.section}>
          <h3>Delete the room</h3>
          <p>For everyone, with all that is in it. Nobody can bring it back.</p>
          <Button look="danger" onClick={() => setAsking(true)}>
            <Trash2 size={17} aria-hidden /> Delete…
          </Button>
        </section>
      )}
      {asking && (
        <ConfirmDialog
          title={`Delete “${isolated(room.title)}”?`}
          yes="Delete for ever"
          busy={busy === 'delete'}
          disabled={typed.trim().normalize() !== room.title.normalize() || busy !== undefined}
          onClose={() => setAsking(false)}
          onYes={() =>
            void run('delete', async () => {
              await api.deleteRoom(room.roomId);
              setAsking(false);
              onDeleted();
            })
          }
        >
          <Field
            label="Type the title of the room to go on"
            autoFocus
            placeholder={room.title}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </ConfirmDialog>
      )}
    </>
  );
}
