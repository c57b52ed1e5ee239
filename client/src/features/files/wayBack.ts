import { givenFiles, type GivenFiles } from '../../ui';

/** What Chromium has beyond the types of all browsers. */
interface Asking extends FileSystemFileHandle {
  requestPermission?(it: { mode: 'read' }): Promise<PermissionState>;
}
interface Picking {
  showOpenFilePicker?(it: { multiple: boolean }): Promise<FileSystemFileHandle[]>;
}
interface Dropped extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

const known = new WeakMap<File, FileSystemFileHandle>();

/** What leads to the same file after a reload; none where the browser gives nothing of the kind. */
export const wayBackTo = (file: File): FileSystemFileHandle | undefined => known.get(file);

async function opened(handle: FileSystemFileHandle): Promise<File> {
  const file = await handle.getFile();
  known.set(file, handle);
  return file;
}

/** The file again, when who clicked lets the page read it; none when not, or when it is gone. */
export async function reopened(handle: FileSystemFileHandle): Promise<File | undefined> {
  try {
    const state = await (handle as Asking).requestPermission?.({ mode: 'read' });
    return state === undefined || state === 'granted' ? await opened(handle) : undefined;
  } catch {
    return undefined;
  }
}

/** Has the person choose. Where the browser's own picker leads to no way back, `field` asks, and tells by its change. */
export async function choose(field: HTMLInputElement): Promise<File[]> {
  const browser = window as Picking;
  if (!browser.showOpenFilePicker) {
    field.click();
    return [];
  }
  try {
    const handles = await browser.showOpenFilePicker({ multiple: field.multiple });
    return await Promise.all(handles.map(opened));
  } catch (error) {
    const changedTheirMind = error instanceof DOMException && error.name === 'AbortError';
    if (!changedTheirMind) field.click();
    return [];
  }
}

/** What was dropped: its files, and the names of folders. */
export async function dropped(data: DataTransfer): Promise<GivenFiles> {
  // Asked for before the event is over: then nothing is in there any more.
  const given = givenFiles(data);
  const items = [...data.items].filter((item) => item.kind === 'file') as Dropped[];
  const handles = await Promise.all(
    items.map(async (item) => item.getAsFileSystemHandle?.().catch(() => null)),
  );
  const ways = handles.filter((handle) => handle?.kind === 'file');
  if (ways.length !== given.files.length) return given;
  given.files.forEach((file, at) => known.set(file, ways[at] as FileSystemFileHandle));
  return given;
}
