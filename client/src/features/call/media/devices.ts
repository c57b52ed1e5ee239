import type { MediaPreferences } from './mediaPreferences';

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

/** With the chosen device and no other, or, where that is at home, with any. */
export function micConstraints(
  { micId, noiseSuppression }: Pick<MediaPreferences, 'micId' | 'noiseSuppression'>,
  chosen: boolean,
): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression,
    autoGainControl: true,
    ...(chosen && exactly(micId)),
  };
}

export function cameraConstraints(
  { cameraId }: Pick<MediaPreferences, 'cameraId'>,
  chosen: boolean,
): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 24, max: 30 },
    ...(chosen && exactly(cameraId)),
  };
}

/** A mere wish weighs less with browsers than the size of the picture. */
const exactly = (id: string | undefined): MediaTrackConstraints =>
  id === undefined ? {} : { deviceId: { exact: id } };

/** Asks for what was chosen, and for any other of its kind where that is not there. */
export async function openDevice(
  devices: MediaDevices,
  constraints: (chosen: boolean) => MediaStreamConstraints,
): Promise<MediaStream> {
  try {
    return await devices.getUserMedia(constraints(true));
  } catch (error) {
    // In some browsers it is no Error at all.
    if ((error as { name?: unknown } | null)?.name !== 'OverconstrainedError') throw error;
    return devices.getUserMedia(constraints(false));
  }
}
