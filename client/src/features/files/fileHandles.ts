import { transferredFiles, type TransferredFiles } from '../../ui';

/** Chromium's File System Access API, which TypeScript's DOM types lack. */
interface PermissionHandle extends FileSystemFileHandle {
  requestPermission?(it: { mode: 'read' }): Promise<PermissionState>;
}
interface FilePickerWindow {
  showOpenFilePicker?(it: { multiple: boolean }): Promise<FileSystemFileHandle[]>;
}
interface DroppedItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

const handleByFile = new WeakMap<File, FileSystemFileHandle>();

/** The handle that reopens this file after a reload; none where the browser has no handles. */
export const handleOf = (file: File): FileSystemFileHandle | undefined => handleByFile.get(file);

async function openHandle(handle: FileSystemFileHandle): Promise<File> {
  const file = await handle.getFile();
  handleByFile.set(file, handle);
  return file;
}

/** The file of a handle, after a click, if the person permits it; none when not, or when the file is gone. */
export async function reopenFile(handle: FileSystemFileHandle): Promise<File | undefined> {
  try {
    const state = await (handle as PermissionHandle).requestPermission?.({ mode: 'read' });
    return state === undefined || state === 'granted' ? await openHandle(handle) : undefined;
  } catch {
    return undefined;
  }
}

/** Opens the file picker. Where it gives no handles, `field` opens its own and reports by its `change` event. */
export async function pickFiles(field: HTMLInputElement): Promise<File[]> {
  const browser = window as FilePickerWindow;
  if (!browser.showOpenFilePicker) {
    field.click();
    return [];
  }
  try {
    const handles = await browser.showOpenFilePicker({ multiple: field.multiple });
    return await Promise.all(handles.map(openHandle));
  } catch (error) {
    const changedTheirMind = error instanceof DOMException && error.name === 'AbortError';
    if (!changedTheirMind) field.click();
    return [];
  }
}

/** The files that were dropped, and the names of folders. */
export async function droppedFiles(data: DataTransfer): Promise<TransferredFiles> {
  // Read before the event is over: afterwards the list is empty.
  const given = transferredFiles(data);
  const items = [...data.items].filter((item) => item.kind === 'file') as DroppedItem[];
  const handles = await Promise.all(
    items.map(async (item) => item.getAsFileSystemHandle?.().catch(() => null)),
  );
  const ways = handles.filter((handle) => handle?.kind === 'file');
  if (ways.length !== given.files.length) return given;
  given.files.forEach((file, at) => handleByFile.set(file, ways[at] as FileSystemFileHandle));
  return given;
}
