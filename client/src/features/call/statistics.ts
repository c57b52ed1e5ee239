import type { Reception } from './quality';
import type { Sending } from './thrift';

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
  qualityLimitationReason?: Sending['limitedBy'];
}

/** What `getStats` says of a connection, as far as a call has use for it. */
export interface Statistics {
  readonly reception: Reception;
  readonly sending: Sending;
}

export async function readStatistics(pc: RTCPeerConnection): Promise<Statistics> {
  const report = await pc.getStats();
  let [received, lost, roundTrip] = [0, 0, 0];
  let relayed = false;
  let available: number | undefined;
  let limitedBy: Sending['limitedBy'] = 'none';
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
      const { kind, qualityLimitationReason: reason = 'none' } = stats as Outbound;
      // The slow machine explains what the line would only seem to.
      if (kind === 'video' && reason !== 'none' && limitedBy !== 'cpu') limitedBy = reason;
    }
  });
  return { reception: { received, lost, roundTrip, relayed }, sending: { limitedBy, available } };
}
