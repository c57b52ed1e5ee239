import type { Begun } from './begun';
import { sizeInWords } from './size';
import { isolated } from '../../ui';

/** What a file is known by when it is chosen again. */
export type Known = Pick<Begun, 'name' | 'size' | 'lastModified'>;

export const isSame = (begun: Known, file: Known): boolean => whyOther(begun, file) === undefined;

/** Why a file is not the one that was begun, in words; none when it is. */
export function whyOther(begun: Known, file: Known): string | undefined {
  if (file.name !== begun.name)
    return `That was ${isolated(file.name)}, not ${isolated(begun.name)}.`;
  if (file.size !== begun.size) {
    const [size, other] = [sizeInWords(begun.size), sizeInWords(file.size)];
    const how = size === other ? 'another size' : `${other} instead of ${size}`;
    return `That was another ${isolated(begun.name)}: it has ${how}.`;
  }
  if (file.lastModified !== begun.lastModified) {
    return `${isolated(begun.name)} was changed since. Give this one up, and send it anew.`;
  }
  return undefined;
}
