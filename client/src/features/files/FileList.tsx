import { useState } from 'react';
import { Download, FileText, FolderOpen, ImagePlus, Trash2 } from 'lucide-react';
import { useStore } from 'zustand';
import { startDownload } from '../../connection';
import type { Attachment, FileMeta, UserId } from '../../protocol';
import { ConfirmDialog, IconButton, isolated } from '../../ui';
import styles from './FileList.module.css';
import type { Files } from './files';
import { isPicture, isPreviewable, noPreviewReason } from './fileTypes';
import { Preview } from './Preview';
import { matchingFiles } from './search';
import { formatSize } from './formatSize';
import { Uploads } from './Uploads';
import { useFileLinks } from './useFileLinks';

/** All files of the room. */
export function FileList({
  files,
  me,
  moderates,
  onInsert,
}: {
  files: Files;
  me: UserId;
  moderates: boolean;
  onInsert?: ((file: Attachment) => void) | undefined;
}) {
  const shared = useStore(files.store, (state) => state.files);
  const [words, setWords] = useState('');
  const [removing, setRemoving] = useState<FileMeta | null>(null);
  const shown = matchingFiles(shared, words);
  return (
    <div className={styles.panel}>
      <Uploads files={files} />
      {shared.length > 0 && (
        <label className={styles.search}>
          <span className="visually-hidden">Search files</span>
          <input
            type="search"
            placeholder="Search files"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      )}
      {shown.length === 0 ? (
        <div className={styles.empty}>
          <FolderOpen size={30} strokeWidth={1.5} aria-hidden />
          <p>{shared.length === 0 ? 'No files yet' : 'No file is called that'}</p>
        </div>
      ) : (
        <ul className={styles.list} aria-label="Shared files">
          {shown.map((file) => (
            <FileRow
              key={file.uploadId}
              file={file}
              files={files}
              onInsert={onInsert}
              onRemove={moderates || file.userId === me ? () => setRemoving(file) : undefined}
            />
          ))}
        </ul>
      )}
      {removing && (
        <ConfirmDialog
          title="Remove this file?"
          yes="Remove"
          onYes={() => {
            files.remove(removing);
            setRemoving(null);
          }}
          onClose={() => setRemoving(null)}
        >
          <p>
            <bdi>{removing.name}</bdi> is deleted for everyone.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function FileRow({
  file,
  files,
  onInsert,
  onRemove,
}: {
  file: FileMeta;
  files: Files;
  onInsert: ((file: Attachment) => void) | undefined;
  onRemove: (() => void) | undefined;
}) {
  const [open, setOpen] = useState(false);
  const links = useFileLinks(files, file.fileUrl);
  const shown = isPreviewable(file.mimeType);
  const picture = isPicture(file.mimeType);
  const keep = async () => {
    const fresh = await files.links(file.fileUrl);
    if (fresh) startDownload(fresh.download);
  };
  return (
    <li className={styles.file}>
      <button
        type="button"
        className={styles.open}
        aria-label={shown ? `Show ${isolated(file.name)}` : `Download ${isolated(file.name)}`}
        onClick={() => (shown ? setOpen(true) : void keep())}
      >
        {picture && links?.thumbnail ? (
          <img
            src={links.thumbnail}
            alt=""
            loading="lazy"
            referrerPolicy="no-referrer"
            draggable={false}
          />
        ) : (
          <FileText size={22} aria-hidden />
        )}
        <span className={styles.words}>
          <span className={styles.name} dir="auto">
            {file.name}
          </span>
          <span className={styles.facts}>
            {[formatSize(file.size), noPreviewReason(file)].filter(Boolean).join(' · ')} ·{' '}
            <bdi>{file.userName}</bdi>
          </span>
        </span>
      </button>
      {onInsert && picture && (
        <IconButton
          label={`Insert ${isolated(file.name)} into the board`}
          onClick={() => onInsert(file)}
        >
          <ImagePlus size={18} aria-hidden />
        </IconButton>
      )}
      <IconButton label={`Save ${isolated(file.name)}`} onClick={() => void keep()}>
        <Download size={18} aria-hidden />
      </IconButton>
      {onRemove && (
        <IconButton label={`Remove ${isolated(file.name)}`} onClick={onRemove}>
          <Trash2 size={17} aria-hidden />
        </IconButton>
      )}
      {open && (
        <Preview file={file} files={files} onInsert={onInsert} onClose={() => setOpen(false)} />
      )}
    </li>
  );
}
