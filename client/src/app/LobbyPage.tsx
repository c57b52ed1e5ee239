import { useState } from 'react';
import { Plus } from 'lucide-react';
import { useLocation, useSearch } from 'wouter';
import { AccountMenu } from '../features/auth';
import { JoinByCode, NewRoomDialog, RoomList } from '../features/rooms';
import type { UserProfile } from '../protocol';
import { Button, ThemeMenu } from '../ui';
import { Brand } from './Brand';
import styles from './LobbyPage.module.css';
import { usePageTitle } from './pageTitle';
import { useHeading } from './useHeading';

export function LobbyPage({ user }: { user: UserProfile }) {
  const search = useSearch();
  const [, go] = useLocation();
  const [asked, setAsked] = useState(false);
  // By the address: whoever wanted a room before signing up goes on from there.
  const creating = asked || new URLSearchParams(search).has('new');
  const close = () => {
    setAsked(false);
    if (search !== '') go('/lobby', { replace: true });
  };
  usePageTitle('Rooms');
  const heading = useHeading();
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Brand />
        <div className={styles.tools}>
          <ThemeMenu />
          <AccountMenu user={user} />
        </div>
      </header>
      <main className={styles.main}>
        <div className={styles.heading}>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            Your rooms
          </h1>
          <Button onClick={() => setAsked(true)}>
            <Plus size={18} aria-hidden /> New room
          </Button>
        </div>
        <RoomList />
        <section className={styles.join} aria-labelledby="join-heading">
          <h2 id="join-heading" className={styles.subtitle}>
            Invited somewhere?
          </h2>
          <JoinByCode />
        </section>
      </main>
      {creating && <NewRoomDialog user={user} onClose={close} />}
    </div>
  );
}
