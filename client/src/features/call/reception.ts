import type { Reception } from './quality';

interface Inbound extends RTCStats {
  packetsReceived?: number;
  packetsLost?: number;
}

interface Pair extends RTCStats {
  nominated?: boolean;
  state?: string;
  currentRoundTripTime?: number;
}

/** Sums up what a connection has received so far. */
export async function readReception(pc: RTCPeerConnection): Promise<Reception> {
  const report = await pc.getStats();
  let [received, lost, roundTrip] = [0, 0, 0];
  report.forEach((stats: RTCStats) => {
    if (stats.type === 'inbound-rtp') {
      const { packetsReceived = 0, packetsLost = 0 } = stats as Inbound;
      received += packetsReceived;
      lost += packetsLost;
    } else if (stats.type === 'candidate-pair') {
      const { nominated, state, currentRoundTripTime = 0 } = stats as Pair;
      if (nominated && state === 'succeeded') roundTrip = currentRoundTripTime;
    }
  });
  return { received, lost, roundTrip };
}
