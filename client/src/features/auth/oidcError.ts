/** Why a sign-in at an OIDC provider failed, and what to do then. */
const words = new Map([
  [
    'declined',
    'You were not signed in: you or the other site said no. Try again, or sign in with a password.',
  ],
  [
    'expired',
    'That took too long, or was begun in another window. Please start again from this page.',
  ],
  [
    'site',
    'The other site is out of reach, or its answer could not be trusted. Try again in a while; if it stays like this, tell whoever runs this server.',
  ],
  [
    'no_email',
    'The other site did not tell us your email address. Let it share the address and try again, or sign up with a password.',
  ],
  [
    'email_unverified',
    'The other site has not verified your email address. Confirm the address there, then try again.',
  ],
  ['rate_limited', 'Too many people are signing in from here. Please try again in a minute.'],
  [
    'unavailable',
    'The other site did its part, but this server could not. Please try again in a minute.',
  ],
]);

/** The text for the `error` code in the address that the server redirected to. */
export function oidcErrorMessage(code: string | null): string | undefined {
  if (code === null || code === '') return undefined;
  return words.get(code) ?? 'Signing in at the other site did not work. Please try again.';
}

/** The query without that code. */
export function withoutErrorCode(search: string): string {
  const query = new URLSearchParams(search);
  query.delete('error');
  return query.size === 0 ? '' : `?${query.toString()}`;
}
