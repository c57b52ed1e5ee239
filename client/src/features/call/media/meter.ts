/** Measures how loud a track is, 0 to 1. */
export interface Meter {
  level(): number;
  dispose(): void;
}

const SILENT: Meter = { level: () => 0, dispose: () => undefined };

let context: AudioContext | undefined;

/** Takes the track over, and stops it in the end. */
export function createMeter(track: MediaStreamTrack): Meter {
  // Unlike its original, which may be muted.
  track.enabled = true;
  try {
    context ??= new AudioContext();
    const audio = context;
    const source = audio.createMediaStreamSource(new MediaStream([track]));
    const analyser = audio.createAnalyser();
    analyser.fftSize = 512;
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    // Browsers let sound begin only after a touch.
    const wake = () => void audio.resume().catch(() => undefined);
    wake();
    window.addEventListener('pointerdown', wake, { once: true });
    return {
      level() {
        analyser.getFloatTimeDomainData(samples);
        return loudness(samples);
      },
      dispose() {
        window.removeEventListener('pointerdown', wake);
        source.disconnect();
        track.stop();
      },
    };
  } catch {
    // Without a meter one can still speak.
    track.stop();
    return SILENT;
  }
}

/** From -60 dB, where rooms hum, to -10 dB, where people speak up. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / samples.length + 1e-12);
  return Math.max(0, Math.min(1, (decibels + 60) / 50));
}
