/** What a person chose last time, on this device. */
export interface Choices {
  readonly mic: boolean;
  readonly camera: boolean;
  readonly micId?: string | undefined;
  readonly cameraId?: string | undefined;
  readonly speakerId?: string | undefined;
  /** Whether the browser takes hum and hiss out of what one says. */
  readonly noiseSuppression: boolean;
  /** Whether single keys do something in a call. */
  readonly shortcuts: boolean;
  /** Whether to connect by relay alone, so that the others do not see one's address. */
  readonly relayOnly: boolean;
}

const KEY = 'studyrooms.media';
const FIRST: Choices = {
  mic: true,
  camera: true,
  noiseSuppression: true,
  shortcuts: true,
  relayOnly: false,
};

export function loadChoices(): Choices {
  try {
    return parseChoices(localStorage.getItem(KEY));
  } catch {
    return FIRST;
  }
}

export function saveChoices(choices: Choices): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

export function parseChoices(text: string | null): Choices {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    if (typeof parsed !== 'object' || parsed === null) return FIRST;
    const kept = parsed as Record<string, unknown>;
    const id = (value: unknown) => (typeof value === 'string' ? value : undefined);
    const yes = (name: keyof typeof FIRST) => {
      const value = kept[name];
      return typeof value === 'boolean' ? value : FIRST[name] === true;
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
    return FIRST;
  }
}
