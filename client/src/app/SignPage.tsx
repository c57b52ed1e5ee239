import { Link, Redirect, useSearch } from 'wouter';
import {
  OidcErrorNotice,
  OidcProviders,
  SignInForm,
  SignUpForm,
  useSession,
} from '../features/auth';
import { CardPage } from './CardPage';
import styles from './SignPage.module.css';
import { nextOf, withNext } from './next';
import { usePageTitle } from './pageTitle';

/** Signing in or up; then on to where one was going. */
export function SignPage({ way }: { way: 'in' | 'up' }) {
  const search = useSearch();
  const next = nextOf(search);
  const session = useSession();
  usePageTitle(way === 'in' ? 'Sign in' : 'Sign up');
  // A guest may well want an account of their own.
  if (session.phase === 'signedIn' && !session.user.guest) return <Redirect to={next} replace />;

  return way === 'in' ? (
    <CardPage title="Welcome back">
      <OidcErrorNotice />
      <SignInForm />
      <OidcProviders next={next} />
      <p className={styles.other}>
        New here? <Link href={withNext('/sign-up', next)}>Sign up</Link>
      </p>
    </CardPage>
  ) : (
    <CardPage title="Make yourself at home">
      <SignUpForm />
      <OidcProviders next={next} />
      <p className={styles.other}>
        Been here before? <Link href={withNext('/sign-in', next)}>Sign in</Link>
      </p>
    </CardPage>
  );
}
