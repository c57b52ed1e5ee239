/** A size, such as "1.5 MB". */
export function formatSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let size = bytes;
  let at = 0;
  while (size >= 1000 && at < units.length - 1) {
    size /= 1000;
    at += 1;
  }
  return `${at === 0 || size >= 10 ? Math.round(size) : size.toFixed(1)} ${units[at] ?? ''}`;
}
