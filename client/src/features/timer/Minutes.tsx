import { Flame } from 'lucide-react';
import type { OwnStats } from '../../protocol';
import { lastDays, localDate, formatMinutes } from './stats';
import { useToday } from '../../ui';
import styles from './FocusStats.module.css';

/** Someone's minutes in words, and the last two weeks as bars. */
export function Minutes({ title, work }: { title: string; work: Omit<OwnStats, 'next'> }) {
  const today = useToday();
  const days = lastDays(work.days, localDate(new Date(today)));
  const most = Math.max(1, ...days.map((day) => day.minutes));
  return (
    <>
      <div className={styles.words}>
        <strong dir="auto">{title}</strong>
        <span>
          {formatMinutes(work.totalMinutes)}
          {work.streakDays > 1 && (
            <span className={styles.streak}>
              <Flame size={14} aria-hidden /> {work.streakDays} days in a row
            </span>
          )}
        </span>
      </div>
      <ol className={styles.days} aria-label="The last two weeks">
        {days.map(({ date, minutes }) => (
          <li key={date} title={`${date}: ${formatMinutes(minutes)}`}>
            <span style={{ height: `${(minutes / most) * 100}%` }} />
            <span className="visually-hidden">
              {date}: {formatMinutes(minutes)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
