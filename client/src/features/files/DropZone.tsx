import { useRef, useState, type ClipboardEvent, type DragEvent, type ReactNode } from 'react';
import { transferredFiles, isPastedText } from '../../ui';
import styles from './DropZone.module.css';
import type { Files } from './files';
import { droppedFiles } from './fileHandles';

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

/** Where files may be dropped or pasted. */
export function DropZone({ files, children }: { files: Files; children: ReactNode }) {
  const [over, setOver] = useState(false);
  // What is inside tells of it too.
  const depth = useRef(0);

  const onDrag = (event: DragEvent, step: number) => {
    if (!hasFiles(event)) return;
    depth.current += step;
    setOver(depth.current > 0);
  };
  const onPaste = (event: ClipboardEvent) => {
    const { clipboardData: data } = event;
    if (!data.types.includes('Files') || isPastedText(data)) return;
    event.preventDefault();
    files.uploads.addGiven(transferredFiles(data));
  };
  return (
    <div
      className={styles.zone}
      onPaste={onPaste}
      onDragEnter={(event) => onDrag(event, 1)}
      onDragLeave={(event) => onDrag(event, -1)}
      onDragOver={(event) => {
        if (hasFiles(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        void droppedFiles(event.dataTransfer).then((found) => files.uploads.addGiven(found));
      }}
    >
      {children}
      {over && <p className={styles.over}>Drop to share with the room</p>}
    </div>
  );
}
