import { mediaDevices } from './devices';

export interface Screen {
  share(): Promise<void>;
  stop(): void;
}

/** A shared screen or window. It also ends from the browser's own bar. */
export function createScreen(set: (track: MediaStreamTrack | null) => void): Screen {
  let current: MediaStreamTrack | null = null;
  let asking = false;

  function stop() {
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
      try {
        const stream = await mediaDevices()?.getDisplayMedia({ video: { frameRate: { max: 15 } } });
        const track = stream?.getVideoTracks()[0];
        if (!track) return;
        // Letters must stay sharp, whatever it does to the motion.
        track.contentHint = 'detail';
        track.onended = stop;
        current = track;
        set(track);
      } catch {
        // Choosing none of the screens is an answer, not a failure.
      } finally {
        asking = false;
      }
    },
  };
}
