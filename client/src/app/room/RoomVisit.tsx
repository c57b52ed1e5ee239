import { useEffect, useEffectEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import { useSwitchUser } from '../../features/auth';
import { createLocalMedia, PreJoin } from '../../features/call';
import { refusalWords, useRoomTitle } from '../../features/rooms';
import type { RoomPreview, UserProfile } from '../../protocol';
import { Button, Waiting } from '../../ui';
import { Brand } from '../Brand';
import { CardPage } from '../CardPage';
import { closedDoor, holdsDevices } from './door';
import { LeftPage } from './LeftPage';
import { RefusedPage } from './RefusedPage';
import { RemovedPage } from './RemovedPage';
import styles from './RoomCards.module.css';
import { RoomFaces } from './RoomFaces';
import { RoomShell } from './RoomShell';
import { beginStay, type Stay } from './stay';
import { TurnedAwayPage } from './TurnedAwayPage';
import { useOwned } from './useOwned';

/** One person before, in, and after a room. */
export function RoomVisit({
  preview,
  user,
  onCode,
}: {
  preview: RoomPreview;
  user: UserProfile;
  /** What code leads to the room now, for who is in it. */
  onCode: (code: string) => void;
}) {
  const [left, setLeft] = useState(false);
  const title = useRoomTitle(preview);
  if (left) return <LeftPage title={title} onAgain={() => setLeft(false)} />;
  return (
    <Visit
      preview={preview}
      title={title}
      user={user}
      onCode={onCode}
      onLeft={() => setLeft(true)}
    />
  );
}

function Visit({
  preview,
  title,
  user,
  onCode,
  onLeft,
}: {
  preview: RoomPreview;
  title: string;
  user: UserProfile;
  onCode: (code: string) => void;
  onLeft: () => void;
}) {
  const media = useOwned(createLocalMedia);
  const [stay, setStay] = useState<Stay | null>(null);
  const door = useStore(stay?.door ?? closedDoor);
  useEffect(() => () => stay?.end(), [stay]);
  const holds = holdsDevices(door);
  useEffect(() => {
    if (!media || !holds) return;
    media.start();
    // Whatever page follows: sent away, refused, or at the door.
    return () => media.dispose();
  }, [media, holds]);
  // Who changes their name or picture has it in the room too, unless they go by another name there.
  useEffect(() => stay?.follow(user), [stay, user]);
  useSwitchUser(!stay);
  const tellCode = useEffectEvent(onCode);
  useEffect(
    () =>
      stay?.room.info.subscribe(({ room }) => {
        if (room && room.kind !== 'direct') tellCode(room.code);
      }),
    [stay],
  );

  if (!media) return <Waiting>One moment…</Waiting>;
  if (stay && door.at === 'inside') {
    return (
      <RoomFaces stay={stay} user={user}>
        <RoomShell stay={stay} preview={preview} title={title} user={user} onLeave={onLeft} />
      </RoomFaces>
    );
  }
  if (door.at === 'refused') {
    return <RefusedPage words={refusalWords(door.why)} onAgain={() => setStay(null)} />;
  }
  if (door.at === 'waiting') return <WaitingRoom title={title} />;
  if (door.at === 'turnedAway') {
    return <TurnedAwayPage roomId={preview.roomId} user={user} onAgain={() => setStay(null)} />;
  }
  if (door.at === 'removed') {
    return (
      <RemovedPage
        roomId={preview.roomId}
        userId={user.userId}
        title={title}
        ban={door.ban}
        reason={door.reason}
        onAgain={() => setStay(null)}
      />
    );
  }
  return (
    <div className={styles.before}>
      <header className={styles.corner}>
        <Brand />
      </header>
      <PreJoin
        media={media}
        defaultName={user.name}
        picture={user.avatarUrl}
        title={title}
        busy={door.at === 'knocking'}
        onJoin={(name) => {
          if (stay) return;
          const me = { userId: user.userId, name: name.trim() || user.name };
          setStay(beginStay({ roomId: preview.roomId, me, media }));
        }}
      />
    </div>
  );
}

function WaitingRoom({ title }: { title: string }) {
  const [, go] = useLocation();
  return (
    <CardPage over="Almost there" title={title}>
      <p className={styles.waiting} role="status">
        <span className={styles.dot} aria-hidden />
        Someone inside has to let you in. They have been told.
      </p>
      <Button look="outline" onClick={() => go('/lobby')}>
        Rather not
      </Button>
    </CardPage>
  );
}
