import { useEffect, useState } from 'react';
import type { FileLinks } from '../../protocol';
import type { Files } from './files';

/** Addresses of a file: `undefined` while they are asked for, `null` when it is gone. */
export function useFileLinks(files: Files, fileUrl: string): FileLinks | null | undefined {
  const [links, setLinks] = useState<FileLinks | null>();
  useEffect(() => {
    let wanted = true;
    void files.links(fileUrl).then((found) => {
      if (wanted) setLinks(found ?? null);
    });
    return () => {
      wanted = false;
    };
  }, [files, fileUrl]);
  return links;
}
