import { api } from '../../connection';
import type { RoomId } from '../../protocol';
import { Loaded } from './Loaded';
import { formatDay } from './stats';
import styles from './FocusStats.module.css';

/** Days on which something happened in the room, the newest first. */
export function DayList({ roomId }: { roomId: RoomId }) {
  const load = () => api.summaries(roomId);
  return (
    <Loaded load={load} of={roomId}>
      {({ summaries }) =>
        summaries.length === 0 ? (
          <p className={styles.none}>Nothing has happened here yet.</p>
        ) : (
          <ul className={styles.list}>
            {summaries.toReversed().map((day) => (
              <li key={day.date} className={styles.day}>
                <strong>{day.date}</strong>
                <span>{formatDay(day)}</span>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
