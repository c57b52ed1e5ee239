import { useContext, useState } from 'react';
import { initials, tint } from './initials';
import styles from './Avatar.module.css';
import { AvatarUrlsContext } from './avatarUrls';

/**
 * A person's picture, or their initials on a colour that stays theirs. Decorative: the name stands
 * beside it. Without `picture` the avatar address of the user id `seed` is looked up.
 */
export function Avatar({
  name,
  seed,
  size = 32,
  picture,
}: {
  name: string;
  seed: string;
  size?: number;
  picture?: string | undefined;
}) {
  const avatarUrls = useContext(AvatarUrlsContext);
  const [broken, setBroken] = useState<string>();
  const url = picture ?? avatarUrls.get(seed);
  if (url !== undefined && url !== broken) {
    return (
      <img
        alt=""
        aria-hidden
        className={styles.avatar}
        style={{ width: size, height: size }}
        src={url}
        referrerPolicy="no-referrer"
        draggable={false}
        onError={() => setBroken(url)}
      />
    );
  }
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
