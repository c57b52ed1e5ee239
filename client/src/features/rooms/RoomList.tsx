import { useEffect } from 'react';
import { ChevronRight, DoorOpen } from 'lucide-react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import type { RoomListing, Role } from '../../protocol';
import { Avatar, Button, cx, Notice } from '../../ui';
import { listingTitle } from './direct';
import { loadMoreRooms, loadRooms, roomList } from './roomList';
import { roomPath } from './roomRef';
import styles from './RoomList.module.css';

const roleNames: Record<Role, string> = {
  owner: 'Yours',
  mod: 'Moderator',
  member: 'Member',
  guest: 'Guest',
};

export function RoomList() {
  const { rooms, next, problem } = useStore(roomList);
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
        <h2>No rooms yet</h2>
        <p>
          Open one for your group, or enter the code someone gave you. Rooms stay, with all that was
          said and drawn.
        </p>
      </div>
    );
  }
  const direct = rooms.filter(({ room }) => room.kind === 'direct');
  const groups = rooms.filter(({ room }) => room.kind !== 'direct');
  return (
    <>
      {groups.length > 0 && (
        <ul className={styles.list} aria-label="My rooms">
          {groups.map((listing) => (
            <RoomItem key={listing.room.roomId} listing={listing} />
          ))}
        </ul>
      )}
      {direct.length > 0 && (
        <section className={styles.direct} aria-labelledby="direct-heading">
          <h2 id="direct-heading">Direct messages</h2>
          <ul className={styles.list}>
            {direct.map((listing) => (
              <DirectItem key={listing.room.roomId} listing={listing} />
            ))}
          </ul>
        </section>
      )}
      {next && (
        <Button look="outline" onClick={() => void loadMoreRooms()}>
          Show more rooms
        </Button>
      )}
    </>
  );
}

function DirectItem({ listing }: { listing: RoomListing }) {
  const name = listingTitle(listing);
  return (
    <li>
      <Link href={roomPath(listing.room.code)} className={cx(styles.room, styles.person)}>
        <Avatar
          name={name}
          seed={listing.peer?.userId ?? name}
          size={36}
          picture={listing.peer?.avatarUrl}
        />
        <span className={styles.words}>
          <span className={styles.title} dir="auto">
            {name}
          </span>
        </span>
        <Unread count={listing.unread} />
        <ChevronRight size={20} aria-hidden />
      </Link>
    </li>
  );
}

function Unread({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span className={styles.unread}>
      {count > 99 ? '99+' : count}
      <span className="visually-hidden"> unread</span>
    </span>
  );
}

function RoomItem({ listing: { room, role, joinedAt, unread } }: { listing: RoomListing }) {
  const since = new Date(joinedAt).toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
  });
  return (
    <li>
      <Link href={roomPath(room.code)} className={styles.room}>
        <span className={styles.spine} data-role={role} aria-hidden />
        <span className={styles.words}>
          <span className={styles.title} dir="auto">
            {room.title}
          </span>
          <span className={styles.facts}>
            {roleNames[role]} · <span className={styles.since}>since {since} · </span>
            <code>{room.code}</code>
          </span>
        </span>
        <Unread count={unread} />
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
