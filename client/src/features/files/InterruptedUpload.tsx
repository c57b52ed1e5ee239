import { useRef } from 'react';
import type { Upload, Uploads } from './uploads';
import styles from './Uploads.module.css';
import { pickFiles } from './fileHandles';

/** An upload that a reload interrupted: its file has to be opened again before it resumes. */
export function InterruptedUpload({ upload, uploads }: { upload: Upload; uploads: Uploads }) {
  const { id, name, size, sent, hasHandle, error } = upload;
  const picker = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (file) uploads.resume(id, file);
  };
  const chooseAgain = async () => {
    if (picker.current) take((await pickFiles(picker.current))[0]);
  };
  return (
    <span className={styles.words}>
      <span className={styles.name} dir="auto">
        {name}
      </span>
      <span className={styles.facts}>
        {sent > 0 ? `Broke off at ${Math.floor((100 * sent) / size)} %` : 'Broke off'}
      </span>
      <span className={styles.failure} role="alert">
        {error}
      </span>
      <span className={styles.ways}>
        <button
          type="button"
          className={styles.way}
          onClick={() => (hasHandle ? uploads.resume(id) : void chooseAgain())}
        >
          {hasHandle ? 'Go on' : 'Choose the file again to go on'}
          <span className="visually-hidden">
            {' '}
            with <bdi>{name}</bdi>
          </span>
        </button>
        <button type="button" className={styles.way} onClick={() => uploads.cancel(id)}>
          Give up
          <span className="visually-hidden">
            {' '}
            <bdi>{name}</bdi>
          </span>
        </button>
      </span>
      <input
        ref={picker}
        type="file"
        hidden
        data-testid="same-file-picker"
        onChange={(event) => {
          take(event.target.files?.[0]);
          // The same file may be chosen again.
          event.target.value = '';
        }}
      />
    </span>
  );
}
