/**
 * What we say beside the description itself; other clients may leave it out. The server passes
 * descriptions on as they come.
 */
export interface SignalDescription extends RTCSessionDescriptionInit {
  /** Made for an offer and repeated in its answer: an answer to an older offer is of no use. */
  offerId?: string;
  /** True for the first offer of a connection, false for later ones on the same. */
  fresh?: boolean;
}

/** Sent in place of an answer by a browser without WebRTC. Clients that do not know it ignore it. */
export const UNABLE = { type: 'unable' } as unknown as RTCSessionDescriptionInit;

export const isUnableAnswer = (sdp: unknown): boolean =>
  (sdp as { type?: unknown } | null)?.type === UNABLE.type;

/** Names the sender's RTCPeerConnection: the same for as long as that one lives. */
export function sdpSessionId(sdp: string | undefined): string | undefined {
  return /^o=\S+ (\S+) /m.exec(sdp ?? '')?.[1];
}

/** Whether a candidate belongs to the connection attempt that a description speaks of. */
export function matchesIceUfrag(candidate: RTCIceCandidateInit, sdp: string): boolean {
  const fragment = candidate.usernameFragment;
  return !fragment || sdp.includes(`a=ice-ufrag:${fragment}`);
}

/**
 * Asks the other side to send voices so that a lost packet can be made up for from the next one
 * (FEC), and hardly anything while nobody speaks (DTX).
 */
export function withFecAndDtx(sdp: string): string {
  const opus = /^a=rtpmap:(\d+) opus\//im.exec(sdp)?.[1];
  if (opus === undefined) return sdp;
  return sdp.replace(new RegExp(`^a=fmtp:${opus} (.*)$`, 'm'), (_, given: string) => {
    const settings = given.split(';').filter((it) => !/^\s*(useinbandfec|usedtx)=/.test(it));
    return `a=fmtp:${opus} ${[...settings, 'useinbandfec=1', 'usedtx=1'].join(';')}`;
  });
}
