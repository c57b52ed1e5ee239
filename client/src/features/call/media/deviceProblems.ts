/** Why a device cannot be used. */
export type DeviceProblem =
  'insecure' | 'blocked' | 'blockedBySystem' | 'absent' | 'inUse' | 'lost' | 'unknown';

export function deviceProblemOf(error: unknown): DeviceProblem {
  const name = error instanceof DOMException || error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      // The same name for both; what one can do differs.
      return /system/i.test(String(error)) ? 'blockedBySystem' : 'blocked';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return 'absent';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'inUse';
    default:
      return 'unknown';
  }
}

export type DeviceKind = 'microphone' | 'camera' | 'microphone and camera';

/** What happened and what the person can do about it. Joining without the device is always possible. */
export function deviceProblemMessage(problem: DeviceProblem, device: DeviceKind): string {
  switch (problem) {
    case 'insecure':
      return (
        'Browsers only lend microphone and camera to pages opened over https or on localhost. ' +
        'Ask whoever runs this server for an https address. Until then you can read, write and draw.'
      );
    case 'blocked':
      return `Your browser blocks the ${device} for this page. Allow it with the icon beside the address, then turn the ${device} on again.`;
    case 'blockedBySystem':
      return `Your computer does not lend the ${device} to this browser. Allow it in the system’s privacy settings, then turn the ${device} on again.`;
    case 'absent':
      return device === 'microphone and camera'
        ? 'No microphone and no camera were found. Plug one in and turn it on, or come in without.'
        : `No ${device} was found. Plug one in and turn it on, or come in without.`;
    case 'inUse':
      return `The ${device} does not start. Another program may be using it: close that one and try again.`;
    case 'lost':
      return `The ${device} went away. Plug it in again, or choose another.`;
    case 'unknown':
      return `The ${device} does not work. Try another one, or come in without.`;
  }
}

/** Said when another device of the same kind took over. */
export const deviceReplacedMessage = (device: DeviceKind, name: string): string =>
  `Your ${device} went away. Now in use: ${name || 'another one'}. You can choose under Devices.`;

/** Why the screen is not shared. */
export function screenProblemMessage(problem: DeviceProblem): string {
  switch (problem) {
    case 'blockedBySystem':
    case 'inUse':
      return 'Your computer does not let this browser record the screen. Allow it in the system’s privacy settings, under screen recording, then share again.';
    case 'absent':
      return 'Your computer gave the browser no screen or window to share.';
    default:
      return 'The screen could not be shared. Try again, or share a single window.';
  }
}
