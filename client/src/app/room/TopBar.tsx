import { useState } from 'react';
import { PanelRight, Settings, Users } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { useStore } from 'zustand';
import { isModerator } from '../../connection';
import { AccountMenu } from '../../features/auth';
import { SettingsDialog } from '../../features/control';
import { TimerMenu } from '../../features/timer';
import type { RoomPreview, UserProfile } from '../../protocol';
import { cx, Logo, ThemeMenu } from '../../ui';
import { CopyInvite } from './CopyInvite';
import { useHeading } from '../useHeading';
import type { RoomSession } from './roomSession';
import styles from './TopBar.module.css';

export function TopBar({
  roomSession,
  preview,
  title,
  user,
  leaveBy,
  onPeople,
  panelOpen,
  onPanel,
}: {
  roomSession: RoomSession;
  preview: RoomPreview;
  title: string;
  user: UserProfile;
  leaveBy: (way: () => void) => void;
  onPeople: () => void;
  panelOpen: boolean;
  onPanel: () => void;
}) {
  const online = useStore(roomSession.presence.store, (state) => state.online);
  const { status } = useStore(roomSession.room.status);
  const mod = useStore(roomSession.room.info, (state) => isModerator(state.you?.role));
  const direct = useStore(roomSession.room.info, (state) => state.room?.kind === 'direct');
  const code = useStore(roomSession.room.info, (state) => state.room?.code ?? preview.code);
  const [settings, setSettings] = useState(false);
  const [, go] = useLocation();
  const heading = useHeading();
  return (
    <header className={styles.bar}>
      <Link
        href="/lobby"
        className={styles.home}
        aria-label="My rooms"
        title="My rooms"
        onClick={(event) => {
          event.preventDefault();
          leaveBy(() => go('/lobby'));
        }}
      >
        <Logo size={28} />
      </Link>
      <h1 ref={heading} tabIndex={-1} className={styles.title} dir="auto" title={title}>
        {title}
      </h1>
      <TimerMenu timer={roomSession.timer} />
      <button
        type="button"
        className={styles.tool}
        aria-label={`${online} ${online === 1 ? 'person' : 'people'} here`}
        title="Who is here"
        onClick={onPeople}
      >
        <span className={styles.lamp} data-status={status} aria-hidden />
        <Users size={18} aria-hidden />
        <span className={styles.count}>{online}</span>
      </button>
      {!direct && <CopyInvite code={code} />}
      {mod && !direct && (
        <button
          type="button"
          className={styles.tool}
          aria-label="Room settings"
          title="Room settings"
          onClick={() => setSettings(true)}
        >
          <Settings size={18} aria-hidden />
        </button>
      )}
      <span className={styles.wide}>
        <ThemeMenu />
      </span>
      <button
        type="button"
        className={cx(styles.tool, styles.wide)}
        aria-label="Side panel"
        title="Side panel"
        aria-pressed={panelOpen}
        onClick={onPanel}
      >
        <PanelRight size={18} aria-hidden />
      </button>
      <AccountMenu user={user} />
      {settings && (
        <SettingsDialog
          control={roomSession.control}
          onDeleted={() => go('/lobby')}
          onClose={() => setSettings(false)}
        />
      )}
    </header>
  );
}
