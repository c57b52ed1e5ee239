import { useEffect } from 'react';
import { ChevronRight, DoorOpen } from 'lucide-react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import type { RoomListing, Role } from '../../protocol';
import { Button, Notice } from '../../ui';
import { loadRooms, roomList } from './roomList';
import { roomPath } from './roomRef';
import styles from './RoomList.module.css';

const roleNames: Record<Role, string> = {
  owner: 'Yours',
  mod: 'Moderator',
  member: 'Member',
  guest: 'Guest',
};

export function RoomList() {
  const { rooms, problem } = useStore(roomList);
  useEffect(() => void loadRooms(), []);

  if (problem && !rooms) {
    return (
      <div className={styles.problem}>
        <Notice kind="wrong">{problem}</Notice>
        <Button look="outline" onClick={() => void loadRooms()}>
          Try again
        </Button>
      </div>
    );
  }
  if (!rooms) return <Skeleton />;
  if (rooms.length === 0) {
    return (
      <div className={styles.empty}>
        <DoorOpen size={36} strokeWidth={1.4} aria-hidden />
        <h3>No rooms yet</h3>
        <p>
          Open one for your group, or enter the code someone gave you. Rooms stay, with all that was
          said and drawn.
        </p>
      </div>
    );
  }
  return (
    <ul className={styles.list} aria-label="My rooms">
      {rooms.map((listing) => (
        <RoomItem key={listing.room.roomId} listing={listing} />
      ))}
    </ul>
  );
}

function RoomItem({ listing: { room, role, joinedAt } }: { listing: RoomListing }) {
  const since = new Date(joinedAt).toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
  });
  return (
    <li>
      <Link href={roomPath(room.code)} className={styles.room}>
        <span className={styles.spine} data-role={role} aria-hidden />
        <span className={styles.words}>
          <span className={styles.title}>{room.title}</span>
          <span className={styles.facts}>
            {roleNames[role]} · since {since} · <code>{room.code}</code>
          </span>
        </span>
        <ChevronRight size={20} aria-hidden />
      </Link>
    </li>
  );
}

function Skeleton() {
  return (
    <div className={styles.list} role="status" aria-label="Loading your rooms">
      {[0, 1, 2].map((at) => (
        <div key={at} className={styles.bone} />
      ))}
    </div>
  );
}
