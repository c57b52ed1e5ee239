import { RotateCw, X } from 'lucide-react';
import { useStore } from 'zustand';
import { IconButton, isolated } from '../../ui';
import { InterruptedUpload } from './InterruptedUpload';
import type { Files } from './files';
import { formatSize } from './formatSize';
import type { Upload, Uploads as Outgoing } from './uploads';
import styles from './Uploads.module.css';

/** Running uploads with their progress, and those that were interrupted before this page was opened. */
export function Uploads({ files }: { files: Files }) {
  const uploads = useStore(files.uploads.store, (state) => state.uploads);
  if (uploads.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Uploads">
      {uploads.map((upload) => (
        <li key={upload.id} className={styles.upload}>
          {upload.status === 'interrupted' ? (
            <InterruptedUpload upload={upload} uploads={files.uploads} />
          ) : (
            <RunningUpload upload={upload} uploads={files.uploads} />
          )}
        </li>
      ))}
    </ul>
  );
}

function RunningUpload({ upload, uploads }: { upload: Upload; uploads: Outgoing }) {
  const { id, name, size, sent, status, error } = upload;
  return (
    <>
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {name}
        </span>
        {status === 'failed' ? (
          <span className={styles.failure} role="alert">
            {error}
          </span>
        ) : (
          <>
            <progress value={sent} max={size} aria-label={`Uploading ${isolated(name)}`} />
            <span className={styles.facts}>
              {formatSize(sent)} of {formatSize(size)}
            </span>
          </>
        )}
      </span>
      {status === 'failed' && (
        <IconButton label={`Upload ${isolated(name)} again`} onClick={() => uploads.retry(id)}>
          <RotateCw size={17} aria-hidden />
        </IconButton>
      )}
      <IconButton label={`Cancel ${isolated(name)}`} onClick={() => uploads.cancel(id)}>
        <X size={18} aria-hidden />
      </IconButton>
    </>
  );
}
