import { Mic, MicOff, TriangleAlert, Video, VideoOff } from 'lucide-react';
import { useStore } from 'zustand';
import { cx } from '../../../ui';
import type { MediaKind } from '../../../protocol';
import type { LocalMedia } from './localMedia';
import styles from '../CallControls.module.css';

/** Microphone and camera, on and off. The same before the call and in it. */
export function MediaToggles({
  media,
  locked = [],
}: {
  media: LocalMedia;
  /** What a moderator turned off for good. */
  locked?: readonly MediaKind[];
}) {
  const mic = useStore(media.state, (state) => state.mic);
  const camera = useStore(media.state, (state) => state.camera);
  return (
    <>
      <Toggle
        on={mic.on}
        starting={mic.starting}
        wrong={mic.problem !== undefined}
        lockedReason={
          locked.includes('audio') ? 'A moderator turned your microphone off' : undefined
        }
        label={mic.on ? 'Turn microphone off' : 'Turn microphone on'}
        onClick={() => media.setMic(!mic.on)}
      >
        {mic.on ? <Mic size={21} aria-hidden /> : <MicOff size={21} aria-hidden />}
      </Toggle>
      <Toggle
        on={camera.on}
        starting={camera.starting}
        wrong={camera.problem !== undefined}
        lockedReason={locked.includes('video') ? 'A moderator turned your camera off' : undefined}
        label={camera.on ? 'Turn camera off' : 'Turn camera on'}
        onClick={() => media.setCamera(!camera.on)}
      >
        {camera.on ? <Video size={21} aria-hidden /> : <VideoOff size={21} aria-hidden />}
      </Toggle>
    </>
  );
}

function Toggle({
  on,
  starting,
  wrong,
  lockedReason,
  label,
  onClick,
  children,
}: {
  on: boolean;
  starting: boolean;
  wrong: boolean;
  /** Why it cannot be turned on. */
  lockedReason: string | undefined;
  label: string;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      className={cx(styles.control, !on && styles.off)}
      aria-label={lockedReason ?? label}
      title={lockedReason ?? label}
      disabled={lockedReason !== undefined}
      aria-busy={starting || undefined}
      onClick={onClick}
    >
      {children}
      {wrong && (
        <span className={styles.wrong}>
          <TriangleAlert size={12} aria-hidden />
        </span>
      )}
    </button>
  );
}
