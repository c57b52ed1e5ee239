import type { IceServer, IceServers } from '../../../protocol';
import { Deadlines } from './deadlines';
import { supportedServers, urlsOf } from './browserSupport';

/** New credentials are fetched this long before the old ones expire. */
const BEFORE_END_MS = 5 * 60_000;
const RETRY_MS = 15_000;
/** The least time between two fetches. */
const BETWEEN_MS = 10_000;

export interface IceServerSource {
  readonly servers: readonly RTCIceServer[];
  /** From a (re)join. */
  set(servers: readonly IceServer[]): void;
  /** New credentials, because those we have were refused. */
  renew(): void;
  dispose(): void;
}

/** The STUN and TURN servers, with credentials that are renewed before they end. */
export function createIceServers(it: {
  fetch: () => Promise<IceServers>;
  /** The server's clock. */
  now: () => number;
  changed: () => void;
  /** Called with addresses that this browser refuses, once for each. */
  unsupported?: (urls: readonly string[]) => void;
}): IceServerSource {
  const deadlines = new Deadlines();
  let servers: RTCIceServer[] = [];
  let fetchedAt = -Infinity;
  let fetching = false;
  const toldOf = new Set<string>();

  function set(given: readonly IceServer[]) {
    servers = supportedServers(given.map(toRtcIceServer));
    const taken = new Set(urlsOf(servers));
    const left = urlsOf(given).filter((url) => !taken.has(url) && !toldOf.has(url));
    left.forEach((url) => toldOf.add(url));
    if (left.length > 0) it.unsupported?.(left);
    const end = credentialsExpireAt(given);
    if (end === undefined) deadlines.clear('renew');
    else deadlines.after('renew', waitFor(end - it.now()), fetchNew);
    it.changed();
  }

  /** Short-lived ones are renewed half-way. */
  function waitFor(left: number): number {
    const justFetched = it.now() - fetchedAt < BETWEEN_MS;
    return Math.max(left - BEFORE_END_MS, left / 2, justFetched ? BETWEEN_MS : 0);
  }

  function fetchNew() {
    if (fetching) return;
    fetching = true;
    fetchedAt = it.now();
    it.fetch()
      .then(({ iceServers }) => set(iceServers))
      .catch(() => deadlines.after('renew', RETRY_MS, fetchNew))
      .finally(() => (fetching = false));
  }

  return {
    get servers() {
      return servers;
    },
    set,
    renew() {
      if (credentialsExpireAt(servers) !== undefined && it.now() - fetchedAt >= BETWEEN_MS)
        fetchNew();
    },
    dispose: () => deadlines.clear('renew'),
  };
}

/** When the first of the credentials expires, in milliseconds since 1970; a user name is `expirySec:userId` (SPEC 9.1). */
export function credentialsExpireAt(
  servers: readonly Pick<IceServer, 'username'>[],
): number | undefined {
  const ends = servers.flatMap(({ username }) => {
    const seconds = Number.parseInt(username ?? '', 10);
    return Number.isFinite(seconds) ? [seconds * 1_000] : [];
  });
  return ends.length > 0 ? Math.min(...ends) : undefined;
}

/** Whether one of them is a TURN server. */
export const hasRelay = (servers: readonly RTCIceServer[]): boolean =>
  servers.some(({ urls }) => [urls].flat().some((url) => /^turns?:/.test(url)));

export function toRtcIceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  };
}
