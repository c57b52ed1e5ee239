import type { Choices } from './choices';

export interface Devices {
  readonly mics: readonly MediaDeviceInfo[];
  readonly cameras: readonly MediaDeviceInfo[];
  readonly speakers: readonly MediaDeviceInfo[];
}

export const NO_DEVICES: Devices = { mics: [], cameras: [], speakers: [] };

/** Absent over plain HTTP, whatever the types say. */
export function mediaDevices(): MediaDevices | undefined {
  return (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
}

export async function listDevices(): Promise<Devices> {
  const all =
    (await mediaDevices()
      ?.enumerateDevices()
      .catch(() => [])) ?? [];
  // Before the permission they have neither ids nor names.
  const named = all.filter((device) => device.deviceId !== '');
  const of = (kind: MediaDeviceKind) => named.filter((device) => device.kind === kind);
  return { mics: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') };
}

export function micConstraints({
  micId: id,
  noiseSuppression,
}: Pick<Choices, 'micId' | 'noiseSuppression'>): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression,
    autoGainControl: true,
    // Ideal, so that a device left at home does not keep one from speaking.
    ...(id !== undefined && { deviceId: { ideal: id } }),
  };
}

export function cameraConstraints(id: string | undefined): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 24, max: 30 },
    ...(id !== undefined && { deviceId: { ideal: id } }),
  };
}
