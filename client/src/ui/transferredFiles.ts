export interface TransferredFiles {
  readonly files: File[];
  /** Names of folders among them, which browsers give as files that cannot be read. */
  readonly folders: string[];
}

/** The files that were dropped or pasted. Call it before the event is over: afterwards the list is empty. */
export function transferredFiles(data: DataTransfer): TransferredFiles {
  const items = [...data.items].filter((item) => item.kind === 'file');
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of items) {
    const file = item.getAsFile();
    const entry = entryOf(item);
    if (entry?.isDirectory) folders.push(entry.name);
    else if (file) files.push(file);
  }
  return items.length === 0 ? { files: [...data.files], folders } : { files, folders };
}

function entryOf(item: DataTransferItem): FileSystemEntry | null {
  // Not everywhere, whatever the types say.
  const asking = item as { webkitGetAsEntry?: () => FileSystemEntry | null };
  return asking.webkitGetAsEntry?.() ?? null;
}

/**
 * Whether what is pasted is text. Spreadsheets and word processors give a picture of it too; a copied
 * picture has no plain text, and a copied file no formatted one.
 */
export function isPastedText(data: DataTransfer): boolean {
  const formatted = data.types.includes('text/html') || data.types.includes('text/rtf');
  return formatted && data.getData('text/plain').trim() !== '';
}

/** Tells the person that folders cannot be shared. */
export function foldersMessage(names: readonly string[]): string {
  return names.length === 1
    ? 'That is a folder. Choose the files in it, or pack it into one.'
    : 'Those are folders. Choose the files in them, or pack them into one.';
}
