/** Lets the browser keep what is at an address that is never shown in place. */
export function saveLink(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.rel = 'noopener';
  link.click();
}
