/** Whether this browser can make calls at all. */
export const canCall = (): boolean =>
  typeof (globalThis as { RTCPeerConnection?: unknown }).RTCPeerConnection === 'function';

export const CANNOT_CALL =
  'This browser cannot make calls: it has no WebRTC. You can read, write and draw; to hear and see the others, come with another browser.';

/** Said of addresses that were left out. */
export const leftOutInWords = (urls: readonly string[]): string =>
  `This browser refuses what calls would go by: ${urls.join(', ')}. Its port belongs to another service. ` +
  'Calls go on without it; ask whoever runs this server for another port.';

export const urlsOf = (servers: readonly { urls: string | readonly string[] }[]): string[] =>
  servers.flatMap(({ urls }) => urls);

type Open = (config: RTCConfiguration) => Pick<RTCPeerConnection, 'close'>;

const open: Open = (config) => new RTCPeerConnection(config);

/**
 * Servers as far as this browser takes them. It refuses the whole of them for one address it does not take:
 * Firefox for ports of other services.
 */
export function takenServers(servers: readonly RTCIceServer[], by: Open = open): RTCIceServer[] {
  if (by === open && !canCall()) return [...servers];
  if (isTaken(servers, by)) return [...servers];
  return servers.flatMap((server) => {
    const urls = [server.urls].flat().filter((url) => isTaken([{ ...server, urls: url }], by));
    return urls.length > 0 ? [{ ...server, urls }] : [];
  });
}

function isTaken(iceServers: readonly RTCIceServer[], by: Open): boolean {
  try {
    by({ iceServers: [...iceServers] }).close();
    return true;
  } catch {
    return false;
  }
}
