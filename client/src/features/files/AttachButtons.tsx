import { useRef } from 'react';
import { Camera, Paperclip } from 'lucide-react';
import { IconButton } from '../../ui';
import styles from './AttachButtons.module.css';
import type { Files } from './files';
import { pickFiles } from './fileHandles';

/** Choose files, or take a picture where there is a camera for it. */
export function AttachButtons({ files }: { files: Files }) {
  const picker = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    files.uploads.add([...(input.files ?? [])]);
    // The same file may be chosen again.
    input.value = '';
  };
  const attach = async () => {
    if (picker.current) files.uploads.add(await pickFiles(picker.current));
  };
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        data-testid="file-picker"
        onChange={(event) => take(event.target)}
      />
      <input
        ref={camera}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={(event) => take(event.target)}
      />
      <IconButton label="Attach files" onClick={() => void attach()}>
        <Paperclip size={19} aria-hidden />
      </IconButton>
      <span className={styles.camera}>
        <IconButton label="Take a picture" onClick={() => camera.current?.click()}>
          <Camera size={19} aria-hidden />
        </IconButton>
      </span>
    </>
  );
}
