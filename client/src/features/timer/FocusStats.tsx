import { useEffect, useState } from 'react';
import { Flame } from 'lucide-react';
import { api, inWords } from '../../connection';
import type { FocusPerson, RoomId } from '../../protocol';
import { Avatar, Dialog, Notice } from '../../ui';
import { lastDays, localDate, minutesInWords } from './stats';
import styles from './FocusStats.module.css';

/** Who has worked how long, from the room's ledger. */
export function FocusStats({ roomId, onClose }: { roomId: RoomId; onClose: () => void }) {
  const [people, setPeople] = useState<readonly FocusPerson[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let over = false;
    api.stats(roomId).then(
      (stats) => over || setPeople(stats.people),
      (error: unknown) => over || setProblem(inWords(error)),
    );
    return () => {
      over = true;
    };
  }, [roomId]);

  return (
    <Dialog title="Focus" onClose={onClose}>
      {problem && <Notice kind="wrong">{problem}</Notice>}
      {!people && !problem && <p role="status">Counting…</p>}
      {people?.length === 0 && (
        <p className={styles.none}>
          No minutes yet. Who is in the room while a focus phase runs gets them written down here.
        </p>
      )}
      <ul className={styles.list}>
        {people?.map((person) => (
          <Person key={person.userId} person={person} />
        ))}
      </ul>
    </Dialog>
  );
}

function Person({ person }: { person: FocusPerson }) {
  const days = lastDays(person.days, localDate(new Date()));
  const most = Math.max(1, ...days.map((day) => day.minutes));
  return (
    <li className={styles.person}>
      <Avatar name={person.name} seed={person.userId} size={36} />
      <div className={styles.words}>
        <strong>{person.name}</strong>
        <span>
          {minutesInWords(person.totalMinutes)}
          {person.streakDays > 1 && (
            <span className={styles.streak}>
              <Flame size={14} aria-hidden /> {person.streakDays} days in a row
            </span>
          )}
        </span>
      </div>
      <ol className={styles.days} aria-label="The last two weeks">
        {days.map(({ date, minutes }) => (
          <li key={date} title={`${date}: ${minutesInWords(minutes)}`}>
            <span style={{ height: `${(minutes / most) * 100}%` }} />
            <span className="visually-hidden">
              {date}: {minutesInWords(minutes)}
            </span>
          </li>
        ))}
      </ol>
    </li>
  );
}
