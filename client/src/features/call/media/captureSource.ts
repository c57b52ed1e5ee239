import { mediaDevices, openDevice } from './devices';
import { deviceProblemOf, type DeviceProblem } from './deviceProblems';

export interface CaptureState {
  /** What the person wants; true also while the device starts. */
  readonly on: boolean;
  readonly starting: boolean;
  readonly track: MediaStreamTrack | null;
  /** One device is replaced by another: it counts as on meanwhile. */
  readonly changing: boolean;
  /** The one in use took the place of one that went away. */
  readonly replaced: boolean;
  readonly problem: DeviceProblem | undefined;
  /** How often it failed or went away: the same again is news to who tried again. */
  readonly failures: number;
}

export const CAPTURE_OFF: CaptureState = {
  on: false,
  starting: false,
  track: null,
  changing: false,
  replaced: false,
  problem: undefined,
  failures: 0,
};

const SETTLED = { starting: false, changing: false, replaced: false };

/** A microphone or a camera: taken when it is turned on, given back when it is turned off. */
export interface CaptureSource {
  turnOn(): Promise<void>;
  turnOff(): void;
  /** Sends silence, but keeps the device, so that it speaks again at once. */
  mute(): void;
  /** Takes a track that was asked for elsewhere. */
  adopt(track: MediaStreamTrack): void;
  fail(problem: DeviceProblem): void;
  /** Starts again with other constraints, if it is in use. */
  restart(): Promise<void>;
}

export function createCaptureSource(
  /** With the chosen device, or with any. */
  constraints: (chosen: boolean) => MediaStreamConstraints,
  set: (state: CaptureState) => void,
): CaptureSource {
  let state = CAPTURE_OFF;
  /** Counts the requests: a track that comes for an older one is released. */
  let wish = 0;
  let muted = false;

  function put(next: Partial<CaptureState>) {
    state = { ...state, ...next };
    set(state);
  }

  function release() {
    if (!state.track) return;
    state.track.onended = null;
    state.track.stop();
  }

  function adopt(track: MediaStreamTrack) {
    release();
    // Unplugged. Another one of its kind may be there.
    track.onended = () => void acquire('lost');
    track.enabled = !muted;
    put({ ...SETTLED, on: !muted, track, problem: undefined });
  }

  async function acquire(otherwise?: 'lost') {
    const mine = ++wish;
    const changing = state.track !== null || state.changing;
    // Some devices open only once.
    release();
    put({ ...SETTLED, on: !muted, starting: true, track: null, changing, problem: undefined });
    try {
      const devices = mediaDevices();
      if (!devices) {
        fail('insecure');
        return;
      }
      const stream = await openDevice(devices, constraints);
      const [track] = stream.getTracks();
      if (mine !== wish) track?.stop();
      else if (!track) fail('absent');
      else {
        adopt(track);
        if (otherwise) put({ replaced: true, failures: state.failures + 1 });
      }
    } catch (error) {
      if (mine === wish) fail(otherwise ?? deviceProblemOf(error));
    }
  }

  function fail(problem: DeviceProblem) {
    release();
    const failures = state.failures + 1;
    put({ ...SETTLED, on: false, track: null, problem, failures });
  }

  return {
    adopt,
    fail,
    async turnOn() {
      muted = false;
      if (state.track) {
        state.track.enabled = true;
        put({ on: true });
      } else if (!state.on) await acquire();
    },
    mute() {
      muted = true;
      if (state.track) state.track.enabled = false;
      put({ on: false });
    },
    turnOff() {
      wish += 1;
      muted = false;
      release();
      put({ ...SETTLED, on: false, track: null });
    },
    restart: () => (state.track || state.on ? acquire() : Promise.resolve()),
  };
}
