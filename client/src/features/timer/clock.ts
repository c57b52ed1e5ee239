import { secondsLeft } from '../../connection';
import type { TimerPhase, TimerState } from '../../protocol';

/** What is left of the phase at `now` of the server's clock; none while idle. */
export function remainingMs(state: TimerState, now: number): number | null {
  if (state.phase === 'idle') return null;
  if (!state.running) return Math.max(0, state.remainingMs ?? 0);
  return state.endsAt === null ? null : Math.max(0, state.endsAt - now);
}

/** "24:59". A second that has begun counts, so that the last one shown is 00:01. */
export function clockFace(ms: number): string {
  const seconds = secondsLeft(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

/** Milliseconds until the shown second changes. */
export const untilNextSecond = (ms: number): number => ms % 1000 || 1000;

export const phaseNames: Record<TimerPhase, string> = {
  focus: 'Focus',
  break: 'Break',
  longBreak: 'Long break',
  idle: 'Timer',
};

export type Dot = 'done' | 'now' | 'ahead';

/** One dot a cycle: worked through, under way, still to come. */
export function cycleDots({ phase, cycle, settings }: TimerState): Dot[] {
  return Array.from({ length: settings.cycles }, (_, at) => {
    const its = at + 1;
    if (phase === 'idle' || its > cycle) return 'ahead';
    if (its < cycle) return 'done';
    return phase === 'focus' ? 'now' : 'done';
  });
}

/** What to say when the phase changes; none where nothing has changed for people. */
export function phaseAnnouncement(
  was: TimerState,
  is: TimerState,
  drives: boolean,
): string | undefined {
  if (was.phase === is.phase) return undefined;
  switch (is.phase) {
    case 'focus':
      return `Focus for ${minutes(is.settings.focusMin)}.${drives ? ' Microphones rest.' : ''}`;
    case 'break':
      return `Time for a break of ${minutes(is.settings.breakMin)}.`;
    case 'longBreak':
      return `Well done. A long break of ${minutes(is.settings.longBreakMin)}.`;
    case 'idle':
      return 'The timer has ended.';
  }
}

const minutes = (count: number) => (count === 1 ? '1 minute' : `${count} minutes`);

/** Whether this phase keeps the room quiet. A pause is no focus. */
export const isQuiet = (state: TimerState, drives: boolean): boolean =>
  drives && state.phase === 'focus' && state.running;
