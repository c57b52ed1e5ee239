import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { History, X } from 'lucide-react';
import { IconButton, Notice } from '../../../ui';
import { PendingPictures } from './PendingPictures';
import type { Board } from '../model/board';
import styles from './BoardView.module.css';
import { CursorLayer } from './CursorLayer';
import { EditButtons } from './EditButtons';
import { commitText, saveTextDraft, loadTextDraft, type TextDraft } from '../model/textDraft';
import { BoardCanvas } from './BoardCanvas';
import { TextEditor } from './TextEditor';
import { Toolbar } from './Toolbar';
import { usePictureDrop } from './usePictureDrop';
import { useShortcuts } from '../tools/useShortcuts';
import { VersionsDialog } from './VersionsDialog';
import { ZoomButtons } from './ZoomButtons';

export function BoardView({
  board,
  onClose,
}: {
  board: Board;
  onClose?: (() => void) | undefined;
}) {
  const { viewport } = board;
  const [draft, setDraft] = useState<TextDraft>();
  const [versions, setVersions] = useState(false);
  const [root, setRoot] = useState<HTMLElement | null>(null);
  const mayDraw = useStore(board.store, (state) => state.mayDraw);
  const loaded = useStore(board.store, (state) => state.loaded);
  useEffect(() => {
    // Written before the page was loaded anew; what it was written over has to be there again.
    const kept = loaded && mayDraw ? loadTextDraft(board.drafts) : undefined;
    // eslint-disable-next-line react-hooks/set-state-in-effect
    if (kept) setDraft((open) => open ?? kept);
  }, [board, loaded, mayDraw]);
  useShortcuts(board, viewport, root);
  const over = usePictureDrop(board, root);

  return (
    <section ref={setRoot} className={styles.board} aria-label="Whiteboard">
      <BoardCanvas board={board} viewport={viewport} editing={draft} onWrite={setDraft} />
      <PendingPictures board={board} />
      <CursorLayer board={board} viewport={viewport} />
      {draft && (
        <TextEditor
          key={draft.element.id}
          draft={draft}
          viewport={viewport}
          onWrite={(written) => saveTextDraft(board.drafts, { ...draft, written })}
          onDone={(text) => {
            setDraft(undefined);
            saveTextDraft(board.drafts, null);
            commitText(board, draft, text);
          }}
        />
      )}
      <div className={styles.top}>
        {mayDraw && <EditButtons board={board} />}
        <BoardStatus board={board} />
        <div className={styles.cluster}>
          <IconButton label="Versions" onClick={() => setVersions(true)}>
            <History size={20} aria-hidden />
          </IconButton>
        </div>
        <ZoomButtons viewport={viewport} />
        {onClose && (
          <div className={styles.cluster}>
            <IconButton label="Close whiteboard" onClick={onClose}>
              <X size={20} aria-hidden />
            </IconButton>
          </div>
        )}
      </div>
      {mayDraw && <Toolbar board={board} />}
      {over && (
        <p className={styles.drop}>
          {mayDraw ? 'Drop to put it on the board' : 'You may not draw here'}
        </p>
      )}
      {versions && <VersionsDialog board={board} onClose={() => setVersions(false)} />}
    </section>
  );
}

/** Whether the board is loaded, offline or view only, and its notices. */
function BoardStatus({ board }: { board: Board }) {
  const { loaded, online, unsaved, notice, mayDraw } = useStore(board.store);
  return (
    <div className={styles.standing} aria-live="polite">
      {notice !== undefined ? (
        <div className={styles.notice}>
          <Notice kind="wrong">{notice}</Notice>
          <IconButton label="Dismiss" onClick={() => board.store.setState({ notice: undefined })}>
            <X size={18} aria-hidden />
          </IconButton>
        </div>
      ) : (
        <p className={styles.word}>{words({ loaded, waiting: unsaved > 0 && !online, mayDraw })}</p>
      )}
    </div>
  );
}

function words(at: { loaded: boolean; waiting: boolean; mayDraw: boolean }) {
  if (at.waiting) return 'Offline. What you draw is kept and sent later.';
  if (!at.loaded) return 'Opening the board…';
  if (!at.mayDraw) return 'View only';
  return '';
}
