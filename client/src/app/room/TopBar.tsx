import { PanelRight, Users } from 'lucide-react';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { AccountMenu } from '../../features/auth';
import type { RoomPreview, UserProfile } from '../../protocol';
import { cx, Logo, ThemeMenu } from '../../ui';
import { CopyInvite } from './CopyInvite';
import type { Stay } from './stay';
import styles from './TopBar.module.css';

export function TopBar({
  stay,
  preview,
  user,
  onPeople,
  panelOpen,
  onPanel,
}: {
  stay: Stay;
  preview: RoomPreview;
  user: UserProfile;
  onPeople: () => void;
  panelOpen: boolean;
  onPanel: () => void;
}) {
  const online = useStore(stay.presence.store, (state) => state.online);
  const { status } = useStore(stay.room.status);
  return (
    <header className={styles.bar}>
      <Link href="/lobby" className={styles.home} aria-label="My rooms" title="My rooms">
        <Logo size={28} />
      </Link>
      <h1 className={styles.title} title={preview.title}>
        {preview.title}
      </h1>
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
      <CopyInvite code={preview.code} />
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
    </header>
  );
}
