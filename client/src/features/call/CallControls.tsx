import { useState, type ReactNode } from 'react';
import { MonitorUp, MonitorX, PhoneOff, Settings2, X } from 'lucide-react';
import { useStore } from 'zustand';
import { cx, IconButton } from '../../ui';
import type { Call } from './call';
import styles from './CallControls.module.css';
import { DevicesDialog } from './DevicesDialog';
import { HandAndReactions } from './HandAndReactions';
import { MediaProblems } from './media/MediaProblems';
import { MediaToggles } from './media/MediaToggles';
import { useCallShortcuts } from './useCallShortcuts';

/** What one does with oneself in a call. `extra` stands before the way out. */
export function CallControls({
  call,
  onLeave,
  spaceIsFree = true,
  extra,
}: {
  call: Call;
  onLeave: () => void;
  /** Whether Space does nothing else at the moment. */
  spaceIsFree?: boolean;
  extra?: ReactNode;
}) {
  const { media } = call;
  const locked = useStore(call.state, (state) => state.locked);
  const sharing = useStore(media.state, (state) => state.screen !== null);
  const canShare = useStore(media.state, (state) => state.canShare);
  const wrong = useStore(media.state, ({ mic, camera }) =>
    [mic, camera].some(({ problem, replaced }) => problem !== undefined || replaced),
  );
  const failures = useStore(media.state, ({ mic, camera }) => mic.failures + camera.failures);
  const speakingWhileMuted = useStore(call.state, (state) => state.speakingWhileMuted);
  const shortcuts = useStore(media.state, (state) => state.preferences.shortcuts);
  useCallShortcuts(call, spaceIsFree);
  const [choosing, setChoosing] = useState(false);
  const [dismissed, setDismissed] = useState(failures);
  const noScreen = locked.includes('screen');
  const share = noScreen
    ? 'A moderator stopped your shared screen'
    : sharing
      ? 'Stop sharing'
      : 'Share screen';

  return (
    <div className={styles.bar}>
      {wrong && failures > dismissed && (
        <div className={styles.problem} role="status">
          <MediaProblems media={media} />
          <IconButton label="Dismiss" onClick={() => setDismissed(failures)}>
            <X size={18} aria-hidden />
          </IconButton>
        </div>
      )}
      <p className={styles.unheard} role="status">
        {speakingWhileMuted && !locked.includes('audio') && (
          <span>
            You are muted: nobody hears you.
            {shortcuts && ' Press M to turn your microphone on, or hold Space.'}
          </span>
        )}
      </p>
      <div className={styles.controls} role="group" aria-label="Call controls">
        <MediaToggles media={media} locked={locked} />
        {canShare && (
          <button
            type="button"
            className={cx(styles.control, sharing && styles.lit)}
            aria-label={share}
            title={share}
            disabled={noScreen}
            onClick={() => (sharing ? media.stopSharing() : media.shareScreen())}
          >
            {sharing ? <MonitorX size={21} aria-hidden /> : <MonitorUp size={21} aria-hidden />}
          </button>
        )}
        <button
          type="button"
          className={styles.control}
          aria-label="Choose devices"
          title="Choose devices"
          onClick={() => setChoosing(true)}
        >
          <Settings2 size={21} aria-hidden />
        </button>
        <HandAndReactions call={call} />
        {extra}
        <button
          type="button"
          className={cx(styles.control, styles.leave)}
          aria-label="Leave"
          title="Leave"
          onClick={onLeave}
        >
          <PhoneOff size={21} aria-hidden />
        </button>
      </div>
      {choosing && <DevicesDialog media={media} onClose={() => setChoosing(false)} />}
    </div>
  );
}
