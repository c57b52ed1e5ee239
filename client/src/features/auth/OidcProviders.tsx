import { useEffect, useState } from 'react';
import { api } from '../../connection';
import type { SignInProvider } from '../../protocol';
import { buttonClass } from '../../ui';
import styles from './AuthForm.module.css';

/** Links to the OIDC providers of this server, if it has any. They lead back to `next`. */
export function OidcProviders({ next }: { next: string }) {
  const [providers, setProviders] = useState<readonly SignInProvider[]>([]);
  useEffect(() => {
    let over = false;
    api.providers().then(
      (it) => over || setProviders(it.providers),
      // One signs in with a password then.
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, []);

  if (providers.length === 0) return null;
  return (
    <div className={styles.providers}>
      <p className={styles.or}>or</p>
      {providers.map(({ id, name }) => (
        // Not a page of the client: the server redirects to the provider.
        <a
          key={id}
          href={`/api/auth/oidc/${encodeURIComponent(id)}?next=${encodeURIComponent(next)}`}
          className={buttonClass('outline', 'lg')}
        >
          Continue with <bdi>{name}</bdi>
        </a>
      ))}
      <p className={styles.linking}>
        If an account here has your email address already, this becomes the way into it: its
        password stops working, and it is signed out everywhere else.
      </p>
    </div>
  );
}
