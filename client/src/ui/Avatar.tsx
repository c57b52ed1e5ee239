import { initials, tint } from './avatarFace';
import styles from './Avatar.module.css';

/** A person's initials on a colour that stays theirs. Decorative: the name stands beside it. */
export function Avatar({ name, seed, size = 32 }: { name: string; seed: string; size?: number }) {
  return (
    <span
      aria-hidden
      className={styles.avatar}
      style={{ width: size, height: size, fontSize: size * 0.4, background: tint(seed) }}
    >
      {initials(name)}
    </span>
  );
}
