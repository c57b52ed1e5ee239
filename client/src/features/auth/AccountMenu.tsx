import { useState } from 'react';
import { LogOut, UserRound } from 'lucide-react';
import { session } from '../../connection';
import type { UserProfile } from '../../protocol';
import { Avatar, Menu, menuItemClass, ThemeSwitch } from '../../ui';
import styles from './AccountMenu.module.css';
import { ProfileDialog } from './ProfileDialog';

export function AccountMenu({ user }: { user: UserProfile }) {
  const [profile, setProfile] = useState(false);
  return (
    <>
      <Menu
        label="Account"
        face={<Avatar name={user.name} seed={user.userId} size={34} picture={user.avatarUrl} />}
      >
        {(close) => (
          <>
            <div className={styles.who}>
              <strong dir="auto">{user.name}</strong>
              <span>{user.email ?? 'Guest, without an account'}</span>
            </div>
            <ThemeSwitch />
            {!user.guest && (
              <button
                type="button"
                className={menuItemClass}
                onClick={() => {
                  close();
                  setProfile(true);
                }}
              >
                <UserRound size={18} aria-hidden /> Profile
              </button>
            )}
            <button
              type="button"
              className={menuItemClass}
              onClick={() => {
                close();
                // Signed out here even if the server could not be told.
                session.logout().catch(() => undefined);
              }}
            >
              <LogOut size={18} aria-hidden /> Sign out
            </button>
          </>
        )}
      </Menu>
      {profile && <ProfileDialog user={user} onClose={() => setProfile(false)} />}
    </>
  );
}
