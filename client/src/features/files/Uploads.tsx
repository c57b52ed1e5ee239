import { RotateCw, X } from 'lucide-react';
import { useStore } from 'zustand';
import { IconButton, isolated } from '../../ui';
import { BrokenUpload } from './BrokenUpload';
import type { Files } from './files';
import { sizeInWords } from './size';
import type { Upload, Uploads as Outgoing } from './uploads';
import styles from './Uploads.module.css';

/** What is on its way with how far it is, and what broke off before this page was opened. */
export function Uploads({ files }: { files: Files }) {
  const uploads = useStore(files.uploads.store, (state) => state.uploads);
  if (uploads.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Uploads">
      {uploads.map((upload) => (
        <li key={upload.id} className={styles.upload}>
          {upload.stands === 'brokeOff' ? (
            <BrokenUpload upload={upload} uploads={files.uploads} />
          ) : (
            <RunningUpload upload={upload} uploads={files.uploads} />
          )}
        </li>
      ))}
    </ul>
  );
}

function RunningUpload({ upload, uploads }: { upload: Upload; uploads: Outgoing }) {
  const { id, name, size, sent, stands, trouble } = upload;
  return (
    <>
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {name}
        </span>
        {stands === 'failed' ? (
          <span className={styles.failure} role="alert">
            {trouble}
          </span>
        ) : (
          <>
            <progress value={sent} max={size} aria-label={`Uploading ${isolated(name)}`} />
            <span className={styles.facts}>
              {sizeInWords(sent)} of {sizeInWords(size)}
            </span>
          </>
        )}
      </span>
      {stands === 'failed' && (
        <IconButton label={`Upload ${isolated(name)} again`} onClick={() => uploads.retry(id)}>
          <RotateCw size={17} aria-hidden />
        </IconButton>
      )}
      <IconButton label={`Cancel ${isolated(name)}`} onClick={() => uploads.giveUp(id)}>
        <X size={18} aria-hidden />
      </IconButton>
    </>
  );
}
