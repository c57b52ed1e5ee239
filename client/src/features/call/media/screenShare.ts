import { mediaDevices } from './devices';
import { deviceProblemOf, type DeviceProblem } from './deviceProblems';

export interface ScreenShare {
  share(): Promise<void>;
  stop(): void;
}

/** A shared screen or window. It also ends from the browser's own bar. */
export function createScreenShare(
  set: (track: MediaStreamTrack | null) => void,
  /** Told when it does not work; choosing none of the screens is an answer. */
  failed: (problem: DeviceProblem) => void,
): ScreenShare {
  let current: MediaStreamTrack | null = null;
  let asking = false;
  /** Counts the stops: a screen that is chosen after one is released. */
  let ended = 0;

  function stop() {
    ended += 1;
    if (!current) return;
    current.onended = null;
    current.stop();
    current = null;
    set(null);
  }

  return {
    stop,
    async share() {
      if (asking || current) return;
      asking = true;
      const asked = ended;
      try {
        const stream = await mediaDevices()?.getDisplayMedia({ video: { frameRate: { max: 15 } } });
        const track = stream?.getVideoTracks()[0];
        if (!track) return;
        if (asked !== ended) {
          track.stop();
          return;
        }
        // Letters must stay sharp, whatever it does to the motion.
        track.contentHint = 'detail';
        track.onended = stop;
        current = track;
        set(track);
      } catch (error) {
        const problem = deviceProblemOf(error);
        // The name of the error is the same; what it says is not.
        if (problem !== 'blocked' && asked === ended) failed(problem);
      } finally {
        asking = false;
      }
    },
  };
}
