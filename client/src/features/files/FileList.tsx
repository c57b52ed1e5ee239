import { FileText, FolderOpen } from 'lucide-react';
import { sizeInWords, type SharedFile } from './sharedFiles';
import styles from './FileList.module.css';

export function FileList({ files }: { files: readonly SharedFile[] }) {
  if (files.length === 0) {
    return (
      <div className={styles.empty}>
        <FolderOpen size={30} strokeWidth={1.5} aria-hidden />
        <p>No files yet</p>
      </div>
    );
  }
  return (
    <ul className={styles.list} aria-label="Shared files">
      {files.map((file) => (
        <li key={file.fileUrl} className={styles.file}>
          <FileText size={22} aria-hidden />
          <span className={styles.words}>
            <span className={styles.name}>{file.name}</span>
            <span className={styles.facts}>
              {sizeInWords(file.size)} · {file.by}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
