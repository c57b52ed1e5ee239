/** From this many participants on a mesh carries sound only (DESIGN 8). */
export const MESH_WITH_VIDEO = 8;

export interface Encoding {
  readonly active: boolean;
  readonly maxBitrate: number;
  readonly scaleResolutionDownBy: number;
  readonly maxFramerate: number;
}

const OFF: Encoding = {
  active: false,
  maxBitrate: 50_000,
  scaleResolutionDownBy: 4,
  maxFramerate: 10,
};

/**
 * What the camera sends to each of `others`: everyone's uplink carries it once for each of them.
 * While someone shares a screen, faces are small and the screen must be readable.
 */
export function cameraEncoding(others: number, sharing: boolean): Encoding {
  if (others >= MESH_WITH_VIDEO) return OFF;
  const small = sharing ? 2 : 1;
  if (others <= 1) return encoding(1_500_000 / small, 1 * small, 30);
  if (others === 2) return encoding(800_000 / small, 1.5 * small, 30);
  if (others <= 4) return encoding(450_000 / small, 2 * small, 24);
  return encoding(220_000 / small, 4, 20);
}

/** Letters before motion. */
export function screenEncoding(others: number): Encoding {
  return encoding(
    others <= 2 ? 2_500_000 : others <= 4 ? 1_500_000 : 800_000,
    1,
    others <= 4 ? 15 : 8,
  );
}

function encoding(
  maxBitrate: number,
  scaleResolutionDownBy: number,
  maxFramerate: number,
): Encoding {
  return { active: true, maxBitrate, scaleResolutionDownBy, maxFramerate };
}

/** What `getStats` said about what we receive. */
export interface Reception {
  readonly received: number;
  readonly lost: number;
  /** Seconds there and back. */
  readonly roundTrip: number;
}

const POOR_LOSS = 0.06;
const POOR_ROUND_TRIP = 0.5;

export function judge(before: Reception, now: Reception): 'good' | 'poor' {
  const lost = now.lost - before.lost;
  const all = lost + now.received - before.received;
  const poor = (all > 20 && lost / all > POOR_LOSS) || now.roundTrip > POOR_ROUND_TRIP;
  return poor ? 'poor' : 'good';
}
