import { useCallback, useEffect, useRef, useState } from 'react';
import { Download, ImageOff } from 'lucide-react';
import { useStore } from 'zustand';
import { api, errorMessage, isModerator } from '../../../connection';
import type { BoardVersion, VersionId } from '../../../protocol';
import { Button, Dialog, Field, Notice, saveFile } from '../../../ui';
import type { Board } from '../model/board';
import { exportPicture } from '../paint/exportPicture';
import { thumbnail } from '../paint/thumbnail';
import styles from './VersionsDialog.module.css';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The board as it was: kept under a name, looked at, brought back, taken along as a picture. */
export function VersionsDialog({ board, onClose }: { board: Board; onClose: () => void }) {
  const [versions, setVersions] = useState<readonly BoardVersion[]>();
  const [older, setOlder] = useState<VersionId | null>(null);
  const [problem, setProblem] = useState<string>();
  const mayDraw = useStore(board.store, (state) => state.mayDraw);
  const mod = useStore(board.roomInfo, (state) => isModerator(state.you?.role));

  const load = useCallback(
    (before?: VersionId) =>
      api.boardVersions(board.roomId, before).then(
        (it) => {
          setVersions((known) => (before && known ? [...known, ...it.versions] : it.versions));
          setOlder(it.next);
        },
        (error: unknown) => setProblem(errorMessage(error)),
      ),
    [board],
  );
  useEffect(() => void load(), [load]);

  const download = async () => {
    const picture = await exportPicture(board.elements(), board.pictures);
    if (picture) saveFile(picture, 'whiteboard.png');
    else setProblem('This browser cannot make a picture of this board.');
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
      {older !== null && (
        <Button look="outline" onClick={() => void load(older)}>
          Show older versions
        </Button>
      )}
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

/** Asked for when it comes into view: a list of many is read without them. */
function Picture({ board, version }: { board: Board; version: BoardVersion }) {
  const [dataUrl, setDataUrl] = useState<string>();
  const place = useRef<HTMLSpanElement>(null);
  const { versionId, hasPicture = false } = version;

  useEffect(() => {
    const node = place.current;
    if (!node || !hasPicture) return;
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      seen.disconnect();
      // Without it the version is shown as one that has none.
      api.versionPicture(board.roomId, versionId).then(
        (it) => setDataUrl(it.dataUrl),
        () => undefined,
      );
    });
    seen.observe(node);
    return () => seen.disconnect();
  }, [board, versionId, hasPicture]);

  if (dataUrl !== undefined) return <img src={dataUrl} alt="" className={styles.picture} />;
  return (
    <span ref={place} className={styles.blank}>
      {!hasPicture && <ImageOff size={22} aria-hidden />}
    </span>
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
      <Picture board={board} version={version} />
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
