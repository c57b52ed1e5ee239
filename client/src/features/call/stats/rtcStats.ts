import type { ReceiveStats } from './quality';
import type { SendStats } from './degradation';

interface Inbound extends RTCStats {
  packetsReceived?: number;
  packetsLost?: number;
}

interface Pair extends RTCStats {
  nominated?: boolean;
  state?: string;
  currentRoundTripTime?: number;
  availableOutgoingBitrate?: number;
  localCandidateId?: string;
  remoteCandidateId?: string;
}

interface Outbound extends RTCStats {
  kind?: string;
  qualityLimitationReason?: SendStats['limitedBy'];
  framesPerSecond?: number;
}

/** What the receiver says of what is sent. */
interface RemoteInbound extends RTCStats {
  kind?: string;
  /** 0 to 1. */
  fractionLost?: number;
  /** Seconds. */
  roundTripTime?: number;
}

interface Source extends RTCStats {
  kind?: string;
  framesPerSecond?: number;
}

/** Above these the network carries less than is sent over it. */
const LOSS = 0.06;
const ROUND_TRIP_SEC = 0.5;
/** The share of the camera's frames below which the CPU does not keep up. */
const FRAMES = 0.5;
/** Below this a camera in the dark may be as slow by itself. */
const FEW_FRAMES = 12;

/** The part of `getStats` that a call uses. */
export interface RtcStats {
  readonly reception: ReceiveStats;
  readonly sending: SendStats;
}

export async function readRtcStats(pc: RTCPeerConnection): Promise<RtcStats> {
  const report = await pc.getStats();
  let [received, lost, roundTrip] = [0, 0, 0];
  let relayed = false;
  let available: number | undefined;
  let limitedBy: SendStats['limitedBy'] = 'none';
  /** Whether the browser says by itself what limits it. Firefox does not. */
  const told = { is: false };
  let [lossThere, roundTripThere, encoded, captured] = [0, 0, 0, 0];
  const isRelay = (id: string | undefined) =>
    id !== undefined &&
    (report.get(id) as { candidateType?: string } | undefined)?.candidateType === 'relay';
  report.forEach((stats: RTCStats) => {
    if (stats.type === 'inbound-rtp') {
      const { packetsReceived = 0, packetsLost = 0 } = stats as Inbound;
      received += packetsReceived;
      lost += packetsLost;
    } else if (stats.type === 'candidate-pair') {
      const pair = stats as Pair;
      if (!pair.nominated || pair.state !== 'succeeded') return;
      roundTrip = pair.currentRoundTripTime ?? 0;
      available = pair.availableOutgoingBitrate;
      relayed = isRelay(pair.localCandidateId) || isRelay(pair.remoteCandidateId);
    } else if (stats.type === 'outbound-rtp') {
      const { kind, qualityLimitationReason: given, framesPerSecond = 0 } = stats as Outbound;
      const reason = given ?? 'none';
      if (kind === 'video') {
        told.is ||= given !== undefined;
        encoded = Math.max(encoded, framesPerSecond);
      }
      // The slow machine explains what the line would only seem to.
      if (kind === 'video' && reason !== 'none' && limitedBy !== 'cpu') limitedBy = reason;
    } else if (stats.type === 'remote-inbound-rtp') {
      const { fractionLost = 0, roundTripTime = 0 } = stats as RemoteInbound;
      lossThere = Math.max(lossThere, fractionLost);
      roundTripThere = Math.max(roundTripThere, roundTripTime);
    } else if (stats.type === 'media-source') {
      const { kind, framesPerSecond = 0 } = stats as Source;
      if (kind === 'video') captured = Math.max(captured, framesPerSecond);
    }
  });
  if (!told.is) {
    if (lossThere > LOSS || roundTripThere > ROUND_TRIP_SEC) limitedBy = 'bandwidth';
    if (captured >= FEW_FRAMES && encoded > 0 && encoded < captured * FRAMES) limitedBy = 'cpu';
  }
  return { reception: { received, lost, roundTrip, relayed }, sending: { limitedBy, available } };
}
