import { mediaDevices } from './devices';
import { problemOf, type Problem } from './problems';

export interface SourceState {
  /** What the person wants; true also while the device starts. */
  readonly on: boolean;
  readonly starting: boolean;
  readonly track: MediaStreamTrack | null;
  readonly problem: Problem | undefined;
  /** How often it failed: the same problem again is news to who tried again. */
  readonly failures: number;
}

export const NO_SOURCE: SourceState = {
  on: false,
  starting: false,
  track: null,
  problem: undefined,
  failures: 0,
};

/** A microphone or a camera: taken when it is turned on, given back when it is turned off. */
export interface Source {
  turnOn(): Promise<void>;
  turnOff(): void;
  /** Sends silence, but keeps the device, so that it speaks again at once. */
  mute(): void;
  /** Takes a track that was asked for elsewhere. */
  adopt(track: MediaStreamTrack): void;
  fail(problem: Problem): void;
  /** Starts again with other constraints, if it is in use. */
  restart(): Promise<void>;
}

export function createSource(
  constraints: () => MediaStreamConstraints,
  set: (state: SourceState) => void,
): Source {
  let state = NO_SOURCE;
  /** Counts the wishes: what comes late for an old one is given back. */
  let wish = 0;
  let muted = false;

  function put(next: Partial<SourceState>) {
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
    track.onended = () => {
      // Unplugged. Another one of its kind may be there.
      put({ track: null });
      void acquire('lost');
    };
    track.enabled = !muted;
    put({ on: !muted, starting: false, track, problem: undefined });
  }

  async function acquire(otherwise?: Problem) {
    const mine = ++wish;
    // Some devices open only once.
    release();
    put({ on: !muted, starting: true, track: null, problem: undefined });
    try {
      const devices = mediaDevices();
      if (!devices) {
        fail('insecure');
        return;
      }
      const stream = await devices.getUserMedia(constraints());
      const [track] = stream.getTracks();
      if (mine !== wish) track?.stop();
      else if (track) adopt(track);
      else fail('absent');
    } catch (error) {
      if (mine === wish) fail(otherwise ?? problemOf(error));
    }
  }

  function fail(problem: Problem) {
    release();
    const failures = state.failures + 1;
    put({ on: false, starting: false, track: null, problem, failures });
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
      put({ on: false, starting: false, track: null });
    },
    restart: () => (state.track || state.on ? acquire() : Promise.resolve()),
  };
}
