import { useState } from 'react';
import {
  Pause,
  Play,
  SkipForward,
  Square,
  Timer as TimerIcon,
  ChartNoAxesColumn,
} from 'lucide-react';
import { useStore } from 'zustand';
import type { TimerState } from '../../protocol';
import { Button, IconButton, Menu, menuItemClass } from '../../ui';
import { clockFace, cycleDots, phaseNames } from './clock';
import { FocusStats } from './FocusStats';
import { DurationsForm } from './DurationsForm';
import { mayRun, type Timer } from './timer';
import styles from './TimerMenu.module.css';
import { useRemaining } from './useRemaining';

/** The timer in the room's head; a click on it shows what can be done with it. */
export function TimerMenu({ timer }: { timer: Timer }) {
  const state = useStore(timer.store, (it) => it.state);
  const left = useRemaining(timer);
  const [stats, setStats] = useState(false);
  if (!state) return null;
  const idle = state.phase === 'idle';
  const face = left === null ? '' : clockFace(left);
  const phase = `${phaseNames[state.phase]}${idle || state.running ? '' : ', paused'}`;

  return (
    <>
      <Menu
        label={idle ? 'Timer' : `Timer: ${phase}, ${face} left`}
        className={styles.opener}
        face={
          <span className={styles.face} data-phase={state.phase} data-running={state.running}>
            <TimerIcon size={18} aria-hidden />
            {!idle && (
              <>
                <span className={styles.phase}>{phaseNames[state.phase]}</span>
                {/* So that the name of the button has what one reads on it. */}
                <span className="visually-hidden">{state.running ? ', ' : ', paused, '}</span>
                <span className={styles.time}>{face}</span>
                <Dots state={state} />
              </>
            )}
          </span>
        }
      >
        {(close) => (
          <div className={styles.panel}>
            {!idle && (
              <div className={styles.now} data-phase={state.phase}>
                <p>{phase}</p>
                <p className={styles.large} role="timer">
                  {face}
                </p>
                <p className={styles.cycle}>
                  Round {state.cycle} of {state.settings.cycles}
                </p>
              </div>
            )}
            <Running timer={timer} state={state} />
            <button
              type="button"
              className={menuItemClass}
              onClick={() => {
                close();
                setStats(true);
              }}
            >
              <ChartNoAxesColumn size={18} aria-hidden /> Focus minutes
            </button>
          </div>
        )}
      </Menu>
      {stats && <FocusStats roomId={timer.roomId} onClose={() => setStats(false)} />}
    </>
  );
}

function Running({ timer, state }: { timer: Timer; state: TimerState }) {
  const may = useStore(timer.roomInfo, mayRun);
  const busy = useStore(timer.store, (it) => it.busy);
  if (!may) return <p className={styles.note}>Moderators run the timer in this room.</p>;
  if (state.phase === 'idle') return <DurationsForm timer={timer} settings={state.settings} />;
  return (
    <div className={styles.buttons}>
      {state.running ? (
        <Button look="outline" disabled={busy} onClick={() => timer.pause()}>
          <Pause size={17} aria-hidden /> Pause
        </Button>
      ) : (
        <Button disabled={busy} onClick={() => timer.resume()}>
          <Play size={17} aria-hidden /> Go on
        </Button>
      )}
      <IconButton label="Skip to the next phase" disabled={busy} onClick={() => timer.skip()}>
        <SkipForward size={19} aria-hidden />
      </IconButton>
      <IconButton label="Stop the timer" disabled={busy} onClick={() => timer.stop()}>
        <Square size={18} aria-hidden />
      </IconButton>
    </div>
  );
}

function Dots({ state }: { state: TimerState }) {
  return (
    <span className={styles.dots} aria-hidden>
      {cycleDots(state).map((dot, at) => (
        <span key={at} data-dot={dot} />
      ))}
    </span>
  );
}
