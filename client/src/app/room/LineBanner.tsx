import { useEffect, useState } from 'react';
import { CloudOff, Wifi } from 'lucide-react';
import type { Room } from '../../connection';
import { followLine, type LineNews } from './lineNews';
import styles from './LineBanner.module.css';

/** Always there, so that screen readers hear what comes into it. */
export function LineBanner({ room }: { room: Room }) {
  const [news, setNews] = useState<LineNews>('none');
  useEffect(() => followLine(room.status, setNews), [room]);
  return (
    <div role="status" className={styles.banner} data-news={news}>
      {news === 'reconnecting' && (
        <p>
          <CloudOff size={16} aria-hidden /> Reconnecting… What you write and draw is kept.
        </p>
      )}
      {news === 'back' && (
        <p>
          <Wifi size={16} aria-hidden /> Back online
        </p>
      )}
    </div>
  );
}
