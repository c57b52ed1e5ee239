import { useState } from 'react';
import { Download, FileText, ImagePlus } from 'lucide-react';
import { startDownload } from '../../connection';
import type { Attachment, PictureSize } from '../../protocol';
import { IconButton, isolated } from '../../ui';
import styles from './AttachedFile.module.css';
import type { Files } from './files';
import { isPicture, isPreviewable, noPreviewReason } from './fileTypes';
import { Preview } from './Preview';
import { formatSize } from './formatSize';
import { useFileLinks } from './useFileLinks';

/** A file in a message. */
export function AttachedFile({
  file,
  files,
  onInsert,
}: {
  file: Attachment;
  files: Files;
  onInsert?: ((file: Attachment) => void) | undefined;
}) {
  const [open, setOpen] = useState(false);
  const links = useFileLinks(files, file.fileUrl);
  const picture = isPicture(file.mimeType) ? (links?.thumbnail ?? links?.inline) : undefined;

  // Its room is kept from the beginning where its size is known: what is below does not move.
  const place = picture !== undefined || (links === undefined && file.picture !== undefined);

  const keep = async () => {
    const fresh = await files.links(file.fileUrl);
    if (fresh) startDownload(fresh.download);
  };

  if (links === null) {
    return (
      <p className={styles.gone}>
        <FileText size={16} aria-hidden /> <bdi>{file.name}</bdi> was removed
      </p>
    );
  }
  return (
    <div className={styles.file}>
      {place && (
        <button
          type="button"
          className={styles.picture}
          style={file.picture && roomFor(file.picture)}
          aria-label={`Show ${isolated(file.name)}`}
          onClick={() => setOpen(true)}
        >
          <img src={picture} alt="" loading="lazy" referrerPolicy="no-referrer" draggable={false} />
        </button>
      )}
      <div className={styles.line}>
        {!place && <FileText size={20} aria-hidden />}
        {!place && isPreviewable(file.mimeType) ? (
          <button
            type="button"
            className={styles.open}
            aria-label={`Show ${isolated(file.name)}`}
            onClick={() => setOpen(true)}
          >
            <Facts file={file} />
          </button>
        ) : (
          <Facts file={file} />
        )}
        {onInsert && isPicture(file.mimeType) && (
          <IconButton
            label={`Insert ${isolated(file.name)} into the board`}
            onClick={() => onInsert(file)}
          >
            <ImagePlus size={18} aria-hidden />
          </IconButton>
        )}
        <IconButton label={`Download ${isolated(file.name)}`} onClick={() => void keep()}>
          <Download size={18} aria-hidden />
        </IconButton>
      </div>
      {open && (
        <Preview file={file} files={files} onInsert={onInsert} onClose={() => setOpen(false)} />
      )}
    </div>
  );
}

function Facts({ file }: { file: Attachment }) {
  return (
    <span className={styles.words}>
      <span className={styles.name} dir="auto">
        {file.name}
      </span>
      <span className={styles.facts}>
        {[formatSize(file.size), noPreviewReason(file)].filter(Boolean).join(' · ')}
      </span>
    </span>
  );
}

/** As large as a thumbnail of it is shown. */
function roomFor({ width, height }: PictureSize) {
  const scale = Math.min(1, 320 / width, 220 / height);
  return { width: Math.max(1, Math.round(width * scale)), aspectRatio: `${width} / ${height}` };
}
