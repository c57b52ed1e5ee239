import { hasRelay } from '../link/iceServers';
import { supportedServers } from '../link/browserSupport';

/** What is tried, in the order it is shown. */
export type Probe = 'stun' | 'udp' | 'tcp' | 'tls';

export type Finding =
  | { readonly is: 'running' }
  /** The server names none of the kind. */
  | { readonly is: 'absent' }
  | { readonly is: 'works'; readonly ms: number }
  | { readonly is: 'refused' }
  /** The browser takes no such address. */
  | { readonly is: 'barred' }
  | { readonly is: 'silent' };

export type Findings = Readonly<Record<Probe, Finding>>;

export const PROBES: readonly Probe[] = ['stun', 'udp', 'tcp', 'tls'];
const PATIENCE_MS = 8_000;

/** Which servers a probe uses: one URL each, so that one that works hides no other. */
export function serversFor(probe: Probe, servers: readonly RTCIceServer[]): RTCIceServer[] {
  return servers.flatMap(({ urls, ...rest }) =>
    [urls]
      .flat()
      .filter((url) => probeOf(url) === probe)
      .map((url) => ({ ...rest, urls: url })),
  );
}

export function probeOf(url: string): Probe | undefined {
  if (/^stuns?:/.test(url)) return 'stun';
  const tcp = /[?&]transport=tcp\b/.test(url);
  if (url.startsWith('turns:')) return 'tls';
  if (url.startsWith('turn:')) return tcp ? 'tcp' : 'udp';
  return undefined;
}

/** Tries all at once, and tells of each as soon as it is known. */
export async function testConnection(
  servers: readonly RTCIceServer[],
  tell: (findings: Findings) => void,
  stopped: AbortSignal,
): Promise<void> {
  const running: Finding = { is: 'running' };
  let findings: Findings = { stun: running, udp: running, tcp: running, tls: running };
  await Promise.all(
    PROBES.map(async (probe) => {
      const found = await find(probe, servers, stopped);
      findings = { ...findings, [probe]: found };
      if (!stopped.aborted) tell(findings);
    }),
  );
}

async function find(
  probe: Probe,
  servers: readonly RTCIceServer[],
  stopped: AbortSignal,
): Promise<Finding> {
  const mine = serversFor(probe, servers);
  // Whoever relays also tells one's address.
  if (probe === 'stun' && mine.length === 0 && hasRelay(servers)) {
    mine.push(...serversFor('udp', servers));
  }
  if (mine.length === 0) return { is: 'absent' };
  const taken = supportedServers(mine);
  if (taken.length === 0) return { is: 'barred' };
  const found = await Promise.all(taken.map((server) => gather(probe, server, stopped)));
  return (
    found.find(({ is }) => is === 'works') ??
    found.find(({ is }) => is === 'refused') ?? { is: 'silent' }
  );
}

/** Works if the server gives us what a call needs of it: our own address, or one of its own. */
async function gather(probe: Probe, server: RTCIceServer, stopped: AbortSignal): Promise<Finding> {
  const pc = new RTCPeerConnection({
    iceServers: [server],
    iceTransportPolicy: probe === 'stun' ? 'all' : 'relay',
  });
  const begun = performance.now();
  const wanted = probe === 'stun' ? 'srflx' : 'relay';
  try {
    return await new Promise<Finding>((resolve, reject) => {
      const timer = setTimeout(() => resolve({ is: 'silent' }), PATIENCE_MS);
      stopped.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve({ is: 'silent' });
      });
      pc.onicecandidate = ({ candidate }) => {
        // On one machine one's own address is the one that is seen, and is not told twice.
        const enough =
          candidate?.type === wanted ||
          (probe === 'stun' && candidate?.type === 'host' && isLoopback(server));
        if (enough) resolve({ is: 'works', ms: Math.round(performance.now() - begun) });
      };
      pc.onicecandidateerror = ({ errorCode }) => {
        if (errorCode === 401 || errorCode === 403 || errorCode === 441) resolve({ is: 'refused' });
      };
      pc.createDataChannel('probe');
      pc.setLocalDescription().catch(reject);
    });
  } finally {
    pc.close();
  }
}

const isLoopback = ({ urls }: RTCIceServer): boolean =>
  [urls].flat().some((url) => /^\w+:(localhost|127\.|\[::1\])/.test(url));
