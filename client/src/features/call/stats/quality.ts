import { VIDEO_OFF } from './degradation';

/** From this many participants on a mesh carries sound only (SPEC 9). */
export const MESH_WITH_VIDEO = 8;

export interface Encoding {
  readonly active: boolean;
  readonly maxBitrate: number;
  readonly scaleResolutionDownBy: number;
  readonly maxFramerate: number;
}

/** Below these a face is no longer one. */
const LEAST_HEIGHT = 120;
const LEAST_BITRATE = 60_000;

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

/**
 * The encoding for one person: no larger than they show it, and reduced while the CPU or the
 * network limits it.
 */
export function fitEncoding(
  base: Encoding,
  it: { shown: number; captured: number; degradation: number },
): Encoding {
  const { shown, captured, degradation } = it;
  if (!base.active || shown === 0 || degradation >= VIDEO_OFF) return { ...base, active: false };
  const spared = 1.4 ** degradation;
  const forTile = captured > 0 ? captured / Math.max(shown, LEAST_HEIGHT) : 1;
  const scale = Math.max(base.scaleResolutionDownBy * spared, forTile);
  const smaller = scale / base.scaleResolutionDownBy;
  return {
    active: true,
    maxBitrate: Math.round(Math.max(LEAST_BITRATE, base.maxBitrate / smaller ** 1.5)),
    scaleResolutionDownBy: scale,
    maxFramerate: Math.max(8, Math.round(base.maxFramerate / 1.2 ** degradation)),
  };
}

/** Resolution has priority over the frame rate. */
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

export type Quality = 'good' | 'fair' | 'poor';

/** Measured over the last seconds. */
export interface ConnectionStats {
  readonly roundTripMs: number;
  /** Packets lost of those expected, 0 to 1. */
  readonly loss: number;
  readonly relayed: boolean;
}

/** What `getStats` reports about everything received on a connection so far. */
export interface ReceiveStats {
  readonly received: number;
  readonly lost: number;
  /** Seconds. */
  readonly roundTrip: number;
  readonly relayed: boolean;
}

/** The change between two samples. */
export function connectionStats(before: ReceiveStats, now: ReceiveStats): ConnectionStats {
  // A stream that began anew counts from nothing.
  const lost = Math.max(0, now.lost - before.lost);
  const all = lost + Math.max(0, now.received - before.received);
  const loss = all > 20 ? lost / all : 0;
  return { roundTripMs: Math.round(now.roundTrip * 1_000), loss, relayed: now.relayed };
}

export function rateQuality({ loss, roundTripMs }: ConnectionStats): Quality {
  if (loss > 0.06 || roundTripMs > 500) return 'poor';
  if (loss > 0.02 || roundTripMs > 250) return 'fair';
  return 'good';
}

export const QUALITY_LABELS: Record<Quality, string> = {
  good: 'Good connection',
  fair: 'Fair connection',
  poor: 'Weak connection',
};

export function formatConnectionStats(quality: Quality, figures: ConnectionStats): string {
  const { roundTripMs, loss, relayed } = figures;
  const way = relayed ? 'by the relay' : 'direct';
  return `${QUALITY_LABELS[quality]}, ${way}: ${roundTripMs} ms there and back, ${(loss * 100).toFixed(1)} % lost`;
}
