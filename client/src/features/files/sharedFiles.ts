import type { Attachment, Message } from '../../protocol';

export interface SharedFile extends Attachment {
  by: string;
  at: number;
}

/** Files shared with messages, newest first, each once. */
export function sharedFiles(messages: readonly Message[]): SharedFile[] {
  const files = new Map<string, SharedFile>();
  for (const message of messages) {
    if (message.deleted) continue;
    for (const file of message.attachments) {
      files.set(file.fileUrl, { ...file, by: message.senderName, at: message.timestamp });
    }
  }
  return [...files.values()].sort((a, b) => b.at - a.at);
}

/** A size as people say it. */
export function sizeInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let size = bytes;
  let at = 0;
  while (size >= 1000 && at < units.length - 1) {
    size /= 1000;
    at += 1;
  }
  return `${at === 0 || size >= 10 ? Math.round(size) : size.toFixed(1)} ${units[at] ?? ''}`;
}
