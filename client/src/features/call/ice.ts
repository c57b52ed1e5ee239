import type { IceServer, IceServers } from '../../protocol';
import { Deadlines } from './deadlines';
import { takenServers, urlsOf } from './webrtc';

/** So long before the credentials end new ones are fetched. */
const BEFORE_END_MS = 5 * 60_000;
const RETRY_MS = 15_000;
/** A refusal may ask for new ones at once, but not again and again. */
const BETWEEN_MS = 10_000;

export interface Ice {
  readonly servers: readonly RTCIceServer[];
  /** From a (re)join. */
  take(servers: readonly IceServer[]): void;
  /** New credentials, because those we have were refused. */
  renew(): void;
  dispose(): void;
}

/** The STUN and TURN servers, with credentials that are renewed before they end. */
export function createIce(it: {
  fetch: () => Promise<IceServers>;
  /** The server's clock. */
  now: () => number;
  changed: () => void;
  /** Told of addresses that this browser refuses, of each once. */
  leftOut?: (urls: readonly string[]) => void;
}): Ice {
  const deadlines = new Deadlines();
  let servers: RTCIceServer[] = [];
  let fetchedAt = -Infinity;
  let fetching = false;
  const toldOf = new Set<string>();

  function take(given: readonly IceServer[]) {
    servers = takenServers(given.map(toRtc));
    const taken = new Set(urlsOf(servers));
    const left = urlsOf(given).filter((url) => !taken.has(url) && !toldOf.has(url));
    left.forEach((url) => toldOf.add(url));
    if (left.length > 0) it.leftOut?.(left);
    const end = endOf(given);
    if (end === undefined) deadlines.clear('renew');
    else deadlines.after('renew', waitFor(end - it.now()), fetchNew);
    it.changed();
  }

  /** Those that last shortly are renewed half-way. */
  function waitFor(left: number): number {
    const justFetched = it.now() - fetchedAt < BETWEEN_MS;
    return Math.max(left - BEFORE_END_MS, left / 2, justFetched ? BETWEEN_MS : 0);
  }

  function fetchNew() {
    if (fetching) return;
    fetching = true;
    fetchedAt = it.now();
    it.fetch()
      .then(({ iceServers }) => take(iceServers))
      .catch(() => deadlines.after('renew', RETRY_MS, fetchNew))
      .finally(() => (fetching = false));
  }

  return {
    get servers() {
      return servers;
    },
    take,
    renew() {
      if (endOf(servers) !== undefined && it.now() - fetchedAt >= BETWEEN_MS) fetchNew();
    },
    dispose: () => deadlines.clear('renew'),
  };
}

/** When the first of the credentials ends: `expiry:userId`, in seconds (SPEC 9.1). */
export function endOf(servers: readonly Pick<IceServer, 'username'>[]): number | undefined {
  const ends = servers.flatMap(({ username }) => {
    const seconds = Number.parseInt(username ?? '', 10);
    return Number.isFinite(seconds) ? [seconds * 1_000] : [];
  });
  return ends.length > 0 ? Math.min(...ends) : undefined;
}

/** Whether one of them relays. */
export const hasRelay = (servers: readonly RTCIceServer[]): boolean =>
  servers.some(({ urls }) => [urls].flat().some((url) => /^turns?:/.test(url)));

export function toRtc({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  };
}
