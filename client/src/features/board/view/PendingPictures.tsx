import { RotateCw, X } from 'lucide-react';
import { useStore } from 'zustand';
import { IconButton, isolated } from '../../../ui';
import styles from './PendingPictures.module.css';
import type { Board } from '../model/board';
import { toScreen } from '../model/camera';

/** Pictures that are being uploaded, at their future place; only their owner sees them. */
export function PendingPictures({ board }: { board: Board }) {
  const { pictures, inserts, viewport } = board;
  const { pending } = useStore(inserts.store);
  const { uploads } = useStore(pictures.uploads);
  const { camera } = useStore(viewport.store);
  return pending.map(({ file, url, x, y, w, h }) => {
    const upload = uploads.find((it) => it.file === file);
    const [left, top] = toScreen(camera, x, y);
    return (
      <div
        key={url}
        className={styles.arrival}
        role="group"
        aria-label={`${isolated(file.name)} is on its way to the board`}
        style={{ left, top, width: w * camera.scale, height: h * camera.scale }}
      >
        <img src={url} alt="" />
        {upload && (
          <div className={styles.standing}>
            {upload.status === 'uploading' ? (
              <progress
                value={upload.sent}
                max={file.size}
                aria-label={`Uploading ${isolated(file.name)} to the board`}
              />
            ) : (
              <>
                <p role="alert">{upload.error ?? 'The upload broke off.'}</p>
                <IconButton label="Upload it again" onClick={() => pictures.retry(upload.id)}>
                  <RotateCw size={17} aria-hidden />
                </IconButton>
              </>
            )}
            <IconButton label="Rather not" onClick={() => pictures.cancel(upload.id)}>
              <X size={18} aria-hidden />
            </IconButton>
          </div>
        )}
      </div>
    );
  });
}
