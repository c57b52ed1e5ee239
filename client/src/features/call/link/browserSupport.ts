/** Whether this browser has WebRTC. */
export const canCall = (): boolean =>
  typeof (globalThis as { RTCPeerConnection?: unknown }).RTCPeerConnection === 'function';

export const CANNOT_CALL =
  'This browser cannot make calls: it has no WebRTC. You can read, write and draw; to hear and see the others, come with another browser.';

/** Said of server addresses that this browser refuses. */
export const unsupportedServersMessage = (urls: readonly string[]): string =>
  `This browser refuses what calls would go by: ${urls.join(', ')}. Its port belongs to another service. ` +
  'Calls go on without it; ask whoever runs this server for another port.';

export const urlsOf = (servers: readonly { urls: string | readonly string[] }[]): string[] =>
  servers.flatMap(({ urls }) => urls);

type Open = (config: RTCConfiguration) => Pick<RTCPeerConnection, 'close'>;

const open: Open = (config) => new RTCPeerConnection(config);

/**
 * The servers that this browser accepts. `RTCPeerConnection` refuses all of them for one address it does not
 * accept: Firefox for ports of other services.
 */
export function supportedServers(
  servers: readonly RTCIceServer[],
  by: Open = open,
): RTCIceServer[] {
  if (by === open && !canCall()) return [...servers];
  if (isSupported(servers, by)) return [...servers];
  return servers.flatMap((server) => {
    const urls = [server.urls].flat().filter((url) => isSupported([{ ...server, urls: url }], by));
    return urls.length > 0 ? [{ ...server, urls }] : [];
  });
}

function isSupported(iceServers: readonly RTCIceServer[], by: Open): boolean {
  try {
    by({ iceServers: [...iceServers] }).close();
    return true;
  } catch {
    return false;
  }
}
