import { useState } from 'react';
import { Play } from 'lucide-react';
import { useStore } from 'zustand';
import type { TimerSettings } from '../../protocol';
import { Button } from '../../ui';
import type { Timer } from './timer';
import styles from './TimerMenu.module.css';

const fields = [
  { key: 'focusMin', label: 'Focus', unit: 'min', max: 180 },
  { key: 'breakMin', label: 'Break', unit: 'min', max: 60 },
  { key: 'longBreakMin', label: 'Long break', unit: 'min', max: 120 },
  { key: 'cycles', label: 'Rounds', unit: '', max: 12 },
] as const satisfies { key: keyof TimerSettings; label: string; unit: string; max: number }[];

type Typed = Record<(typeof fields)[number]['key'], string>;

/** The durations of the phases, and the start button. */
export function DurationsForm({ timer, settings }: { timer: Timer; settings: TimerSettings }) {
  const busy = useStore(timer.store, (it) => it.busy);
  const [typed, setTyped] = useState<Typed>({
    focusMin: String(settings.focusMin),
    breakMin: String(settings.breakMin),
    longBreakMin: String(settings.longBreakMin),
    cycles: String(settings.cycles),
  });

  return (
    <form
      className={styles.lengths}
      onSubmit={(event) => {
        event.preventDefault();
        timer.start({
          focusMin: Number(typed.focusMin),
          breakMin: Number(typed.breakMin),
          longBreakMin: Number(typed.longBreakMin),
          cycles: Number(typed.cycles),
        });
      }}
    >
      {fields.map(({ key, label, unit, max }) => (
        <label key={key}>
          {label}
          <span>
            <input
              type="number"
              inputMode="numeric"
              min={1}
              max={max}
              step={1}
              required
              value={typed[key]}
              onChange={(event) => setTyped({ ...typed, [key]: event.target.value })}
            />
            {unit}
          </span>
        </label>
      ))}
      <Button type="submit" busy={busy}>
        <Play size={17} aria-hidden /> Start
      </Button>
    </form>
  );
}
