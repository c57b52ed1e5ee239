import { useEffect, useEffectEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import { useSwitchUser } from '../../features/auth';
import { createLocalMedia, PreJoin } from '../../features/call';
import { refusalText, useRoomTitle } from '../../features/rooms';
import type { RoomPreview, UserProfile } from '../../protocol';
import { Button, LoadingScreen } from '../../ui';
import { Brand } from '../Brand';
import { CardPage } from '../CardPage';
import { NOT_JOINED, holdsDevices } from './joinState';
import { LeftPage } from './LeftPage';
import { RefusedPage } from './RefusedPage';
import { RemovedPage } from './RemovedPage';
import styles from './RoomCards.module.css';
import { RoomAvatars } from './RoomAvatars';
import { RoomShell } from './RoomShell';
import { startRoomSession, type RoomSession } from './roomSession';
import { DeniedPage } from './DeniedPage';
import { useDisposable } from './useDisposable';

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
  const media = useDisposable(createLocalMedia);
  const [roomSession, setRoomSession] = useState<RoomSession | null>(null);
  const joinState = useStore(roomSession?.joinState ?? NOT_JOINED);
  useEffect(() => () => roomSession?.end(), [roomSession]);
  const holds = holdsDevices(joinState);
  useEffect(() => {
    if (!media || !holds) return;
    media.start();
    // Whatever page follows: sent away, refused, or at the door.
    return () => media.dispose();
  }, [media, holds]);
  // Who changes their name or picture has it in the room too, unless they go by another name there.
  useEffect(() => roomSession?.updateProfile(user), [roomSession, user]);
  useSwitchUser(!roomSession);
  const tellCode = useEffectEvent(onCode);
  useEffect(
    () =>
      roomSession?.room.info.subscribe(({ room }) => {
        if (room && room.kind !== 'direct') tellCode(room.code);
      }),
    [roomSession],
  );

  if (!media) return <LoadingScreen>One moment…</LoadingScreen>;
  if (roomSession && joinState.phase === 'joined') {
    return (
      <RoomAvatars roomSession={roomSession} user={user}>
        <RoomShell
          roomSession={roomSession}
          preview={preview}
          title={title}
          user={user}
          onLeave={onLeft}
        />
      </RoomAvatars>
    );
  }
  if (joinState.phase === 'refused') {
    return <RefusedPage words={refusalText(joinState.why)} onAgain={() => setRoomSession(null)} />;
  }
  if (joinState.phase === 'waiting') return <WaitingRoom title={title} />;
  if (joinState.phase === 'denied') {
    return <DeniedPage roomId={preview.roomId} user={user} onAgain={() => setRoomSession(null)} />;
  }
  if (joinState.phase === 'removed') {
    return (
      <RemovedPage
        roomId={preview.roomId}
        userId={user.userId}
        title={title}
        ban={joinState.ban}
        reason={joinState.reason}
        onAgain={() => setRoomSession(null)}
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
        busy={joinState.phase === 'joining'}
        onJoin={(name) => {
          if (roomSession) return;
          const me = { userId: user.userId, name: name.trim() || user.name };
          setRoomSession(startRoomSession({ roomId: preview.roomId, me, media }));
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
