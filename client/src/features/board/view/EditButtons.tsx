import { useState } from 'react';
import { useStore } from 'zustand';
import { Redo2, Trash2, Undo2 } from 'lucide-react';
import { Button, Dialog, IconButton } from '../../../ui';
import type { Board } from '../model/board';
import styles from './BoardView.module.css';

/** Undo, redo, and clearing after a confirmation. */
export function EditButtons({ board }: { board: Board }) {
  const canUndo = useStore(board.store, (state) => state.canUndo);
  const canRedo = useStore(board.store, (state) => state.canRedo);
  const [asking, setAsking] = useState(false);

  return (
    <div className={styles.cluster}>
      <IconButton label="Undo" disabled={!canUndo} onClick={() => board.undo()}>
        <Undo2 size={20} aria-hidden />
      </IconButton>
      <IconButton label="Redo" disabled={!canRedo} onClick={() => board.redo()}>
        <Redo2 size={20} aria-hidden />
      </IconButton>
      <IconButton label="Clear board" onClick={() => setAsking(true)}>
        <Trash2 size={20} aria-hidden />
      </IconButton>
      {asking && (
        <Dialog title="Clear the board?" onClose={() => setAsking(false)}>
          <p>All that anyone has drawn goes away, for everyone in the room. You can undo it.</p>
          <div className={styles.answers}>
            <Button look="outline" onClick={() => setAsking(false)}>
              Keep it
            </Button>
            <Button
              look="danger"
              onClick={() => {
                setAsking(false);
                board.clear();
              }}
            >
              Clear for everyone
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
