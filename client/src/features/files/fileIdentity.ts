import type { PendingUpload } from './pendingUploads';
import { formatSize } from './formatSize';
import { isolated } from '../../ui';

/** What tells whether a file that is chosen again is the same one. */
export type FileIdentity = Pick<PendingUpload, 'name' | 'size' | 'lastModified'>;

export const isSameFile = (pending: FileIdentity, file: FileIdentity): boolean =>
  mismatchMessage(pending, file) === undefined;

/** Why a file is not the one whose upload is pending; none when it is. */
export function mismatchMessage(pending: FileIdentity, file: FileIdentity): string | undefined {
  if (file.name !== pending.name)
    return `That was ${isolated(file.name)}, not ${isolated(pending.name)}.`;
  if (file.size !== pending.size) {
    const [size, other] = [formatSize(pending.size), formatSize(file.size)];
    const how = size === other ? 'another size' : `${other} instead of ${size}`;
    return `That was another ${isolated(pending.name)}: it has ${how}.`;
  }
  if (file.lastModified !== pending.lastModified) {
    return `${isolated(pending.name)} was changed since. Give this one up, and send it anew.`;
  }
  return undefined;
}
