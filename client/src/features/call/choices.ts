/** What a person chose last time, on this device. */
export interface Choices {
  readonly mic: boolean;
  readonly camera: boolean;
  readonly micId?: string | undefined;
  readonly cameraId?: string | undefined;
  readonly speakerId?: string | undefined;
}

const KEY = 'studyrooms.media';
const FIRST: Choices = { mic: true, camera: true };

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
    const kept: unknown = JSON.parse(text ?? '');
    if (typeof kept !== 'object' || kept === null) return FIRST;
    const { mic, camera, micId, cameraId, speakerId } = kept as Record<string, unknown>;
    const id = (value: unknown) => (typeof value === 'string' ? value : undefined);
    return {
      mic: mic !== false,
      camera: camera !== false,
      micId: id(micId),
      cameraId: id(cameraId),
      speakerId: id(speakerId),
    };
  } catch {
    return FIRST;
  }
}
