import { useCallback, useEffect, useState } from 'react';
import { Download, ImageOff } from 'lucide-react';
import { useStore } from 'zustand';
import { api, inWords, isMod } from '../../connection';
import type { BoardVersion } from '../../protocol';
import { Button, Dialog, Field, Notice, saveFile } from '../../ui';
import type { Board } from './board';
import { thumbnail } from './thumbnail';
import { withPictures } from './withPictures';
import styles from './VersionsDialog.module.css';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The board as it was: kept under a name, looked at, brought back, taken along as a picture. */
export function VersionsDialog({ board, onClose }: { board: Board; onClose: () => void }) {
  const [versions, setVersions] = useState<readonly BoardVersion[]>();
  const [problem, setProblem] = useState<string>();
  const mayDraw = useStore(board.store, (state) => state.mayDraw);
  const mod = useStore(board.standing, (state) => isMod(state.you?.role));

  const load = useCallback(
    () =>
      api.boardVersions(board.roomId).then(
        (it) => setVersions(it.versions),
        (error: unknown) => setProblem(inWords(error)),
      ),
    [board],
  );
  useEffect(() => void load(), [load]);

  const download = async () => {
    try {
      const picture = await api.boardPicture(board.roomId);
      saveFile(await withPictures(picture, board.pictures), 'whiteboard.svg');
    } catch (error) {
      setProblem(inWords(error));
    }
  };

  return (
    <Dialog title="Versions" wide onClose={onClose}>
      {problem && <Notice kind="wrong">{problem}</Notice>}
      {mayDraw && (
        <Save
          board={board}
          onDone={(words) => {
            setProblem(words);
            if (words === undefined) void load();
          }}
        />
      )}
      <div>
        <Button look="outline" onClick={() => void download()}>
          <Download size={17} aria-hidden /> Picture of the board
        </Button>
      </div>
      {versions?.length === 0 && <p className={styles.none}>No versions saved yet.</p>}
      <ul className={styles.list} aria-label="Saved versions">
        {versions?.map((version) => (
          <Version
            key={version.versionId}
            board={board}
            version={version}
            mayRestore={mod}
            onDone={(words) => (words === undefined ? onClose() : setProblem(words))}
          />
        ))}
      </ul>
    </Dialog>
  );
}

function Save({ board, onDone }: { board: Board; onDone: (words: string | undefined) => void }) {
  const [title, setTitle] = useState('');
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (busy) return;
    setBusy(true);
    const words = await board.versions.save(
      title.trim(),
      await thumbnail(board.elements(), board.pictures),
    );
    if (words === undefined) setTitle('');
    setBusy(false);
    onDone(words);
  };
  return (
    <form
      className={styles.save}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        label="Keep the board as it is now"
        placeholder="A title, if you like"
        maxLength={120}
        autoComplete="off"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <Button type="submit" busy={busy}>
        Save version
      </Button>
    </form>
  );
}

function Version({
  board,
  version,
  mayRestore,
  onDone,
}: {
  board: Board;
  version: BoardVersion;
  mayRestore: boolean;
  onDone: (words: string | undefined) => void;
}) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const restore = async () => {
    setBusy(true);
    const words = await board.versions.restore(version.versionId);
    setBusy(false);
    setAsking(false);
    onDone(words);
  };
  return (
    <li className={styles.version}>
      {version.dataUrl === undefined ? (
        <span className={styles.blank}>
          <ImageOff size={22} aria-hidden />
        </span>
      ) : (
        <img src={version.dataUrl} alt="" className={styles.picture} />
      )}
      <div className={styles.words}>
        <strong dir="auto">{version.title ?? 'Without a title'}</strong>
        <time dateTime={new Date(version.timestamp).toISOString()}>
          {when.format(version.timestamp)}
        </time>
      </div>
      {mayRestore &&
        (asking ? (
          <div className={styles.answers}>
            <Button look="quiet" onClick={() => setAsking(false)}>
              No
            </Button>
            <Button look="danger" busy={busy} onClick={() => void restore()}>
              Replace the board
            </Button>
          </div>
        ) : (
          <Button look="outline" onClick={() => setAsking(true)}>
            Restore
          </Button>
        ))}
    </li>
  );
}
