import { useEffect, useState } from 'react';
import { CloudOff, Wifi } from 'lucide-react';
import type { Room } from '../../connection';
import { followConnection, type ConnectionNotice } from './connectionNotice';
import styles from './ConnectionBanner.module.css';

/** Always rendered, so that screen readers announce what appears in it. */
export function ConnectionBanner({ room }: { room: Room }) {
  const [notice, setNotice] = useState<ConnectionNotice>('none');
  useEffect(() => followConnection(room.status, setNotice), [room]);
  return (
    <div role="status" className={styles.banner} data-news={notice}>
      {notice === 'reconnecting' && (
        <p>
          <CloudOff size={16} aria-hidden /> Reconnecting… What you write and draw is kept.
        </p>
      )}
      {notice === 'back' && (
        <p>
          <Wifi size={16} aria-hidden /> Back online
        </p>
      )}
    </div>
  );
}
