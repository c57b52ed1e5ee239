import { Download } from 'lucide-react';
import type { Attachment } from '../../protocol';
import { Button, Dialog } from '../../ui';
import styles from './Preview.module.css';
import type { Files } from './files';
import { saveLink } from './saveLink';
import { useLinks } from './useLinks';

/** A picture, as large as there is room. */
export function Preview({
  file,
  files,
  onClose,
}: {
  file: Attachment;
  files: Files;
  onClose: () => void;
}) {
  const links = useLinks(files, file.fileUrl);
  return (
    <Dialog title={file.name} onClose={onClose} wide>
      <div className={styles.preview}>
        {links === null && <p>This file was removed.</p>}
        {links?.inline && <img src={links.inline} alt={file.name} referrerPolicy="no-referrer" />}
        {links && (
          <Button onClick={() => saveLink(links.download)}>
            <Download size={18} aria-hidden /> Download
          </Button>
        )}
      </div>
    </Dialog>
  );
}
