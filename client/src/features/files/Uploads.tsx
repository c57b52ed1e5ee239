import { RotateCw, X } from 'lucide-react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui';
import type { Files } from './files';
import { sizeInWords } from './size';
import styles from './Uploads.module.css';

/** What is on its way, with how far it is. */
export function Uploads({ files }: { files: Files }) {
  const uploads = useStore(files.store, (state) => state.uploads);
  if (uploads.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Uploads">
      {uploads.map(({ id, file, sent, failure }) => (
        <li key={id} className={styles.upload}>
          <span className={styles.words}>
            <span className={styles.name}>{file.name}</span>
            {failure ? (
              <span className={styles.failure} role="alert">
                {failure}
              </span>
            ) : (
              <>
                <progress value={sent} max={file.size} aria-label={`Uploading ${file.name}`} />
                <span className={styles.facts}>
                  {sizeInWords(sent)} of {sizeInWords(file.size)}
                </span>
              </>
            )}
          </span>
          {failure && (
            <IconButton label={`Upload ${file.name} again`} onClick={() => files.retry(id)}>
              <RotateCw size={17} aria-hidden />
            </IconButton>
          )}
          <IconButton label={`Cancel ${file.name}`} onClick={() => files.cancel(id)}>
            <X size={18} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
