import { useStore } from 'zustand';
import { Avatar, Button, isolated } from '../../ui';
import type { Control } from './control';
import styles from './WaitingBanner.module.css';

/** Who stands at the door, for those who may open it. */
export function WaitingBanner({ control }: { control: Control }) {
  const waiting = useStore(control.store, (state) => state.waiting);
  return (
    <div role="status" className={styles.place}>
      {waiting.length > 0 && (
        <ul className={styles.banner} aria-label="At the door">
          {waiting.map(({ userId, name }) => (
            <li key={userId}>
              <Avatar name={name} seed={userId} size={28} />
              <span className={styles.words}>
                <strong dir="auto">{name}</strong> wants to come in
              </span>
              <Button
                look="quiet"
                aria-label={`Turn ${isolated(name)} away`}
                onClick={() => control.admit(userId, false)}
              >
                Deny
              </Button>
              <Button
                aria-label={`Let ${isolated(name)} in`}
                onClick={() => control.admit(userId, true)}
              >
                Admit
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
