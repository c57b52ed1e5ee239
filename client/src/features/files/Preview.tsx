import { lazy, Suspense } from 'react';
import { Download, ImagePlus } from 'lucide-react';
import { startDownload } from '../../connection';
import type { Attachment } from '../../protocol';
import { Button, Dialog } from '../../ui';
import type { Files } from './files';
import { isPdf, isPicture } from './fileTypes';
import styles from './Preview.module.css';
import { useFileLinks } from './useFileLinks';

/** What shows PDFs is larger than all the rest of the client, and asked for when one is opened. */
const PdfView = lazy(() =>
  import('./PdfView').catch(() => ({
    default: () => <p className={styles.word}>The preview could not be loaded.</p>,
  })),
);

/** A picture or a PDF, as large as there is room. */
export function Preview({
  file,
  files,
  onInsert,
  onClose,
}: {
  file: Attachment;
  files: Files;
  onInsert?: ((file: Attachment) => void) | undefined;
  onClose: () => void;
}) {
  const links = useFileLinks(files, file.fileUrl);
  const keep = async () => {
    // The address at hand may have ended while one was reading.
    const fresh = await files.links(file.fileUrl);
    if (fresh) startDownload(fresh.download);
  };
  return (
    <Dialog title={file.name} onClose={onClose} full>
      <div className={styles.preview}>
        <div className={styles.shown}>
          {links === null && <p className={styles.word}>This file was removed.</p>}
          {links && isPdf(file.mimeType) && (
            <Suspense fallback={<p className={styles.word}>Opening…</p>}>
              <PdfView file={file} files={files} />
            </Suspense>
          )}
          {links?.inline && isPicture(file.mimeType) && (
            <img src={links.inline} alt={file.name} referrerPolicy="no-referrer" />
          )}
        </div>
        {links && (
          <div className={styles.actions}>
            {onInsert && isPicture(file.mimeType) && (
              <Button
                look="outline"
                onClick={() => {
                  onClose();
                  onInsert(file);
                }}
              >
                <ImagePlus size={18} aria-hidden /> Insert into the board
              </Button>
            )}
            <Button onClick={() => void keep()}>
              <Download size={18} aria-hidden /> Download
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}
