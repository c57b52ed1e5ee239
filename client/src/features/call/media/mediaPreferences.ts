/** What a person chose last on this device; kept in `localStorage`. */
export interface MediaPreferences {
  readonly mic: boolean;
  readonly camera: boolean;
  readonly micId?: string | undefined;
  readonly cameraId?: string | undefined;
  readonly speakerId?: string | undefined;
  /** Whether the browser suppresses the microphone's background noise. */
  readonly noiseSuppression: boolean;
  /** Whether single-key shortcuts work in a call. */
  readonly shortcuts: boolean;
  /** Whether to connect through TURN only, so that the others do not see one's address. */
  readonly relayOnly: boolean;
}

const KEY = 'studyrooms.media';
const DEFAULTS: MediaPreferences = {
  mic: true,
  camera: true,
  noiseSuppression: true,
  shortcuts: true,
  relayOnly: false,
};

export function loadMediaPreferences(): MediaPreferences {
  try {
    return parseMediaPreferences(localStorage.getItem(KEY));
  } catch {
    return DEFAULTS;
  }
}

export function saveMediaPreferences(choices: MediaPreferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // Without storage the defaults hold next time.
  }
}

export function parseMediaPreferences(text: string | null): MediaPreferences {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    if (typeof parsed !== 'object' || parsed === null) return DEFAULTS;
    const kept = parsed as Record<string, unknown>;
    const id = (value: unknown) => (typeof value === 'string' ? value : undefined);
    const yes = (name: keyof typeof DEFAULTS) => {
      const value = kept[name];
      return typeof value === 'boolean' ? value : DEFAULTS[name] === true;
    };
    return {
      mic: yes('mic'),
      camera: yes('camera'),
      micId: id(kept['micId']),
      cameraId: id(kept['cameraId']),
      speakerId: id(kept['speakerId']),
      noiseSuppression: yes('noiseSuppression'),
      shortcuts: yes('shortcuts'),
      relayOnly: yes('relayOnly'),
    };
  } catch {
    return DEFAULTS;
  }
}
