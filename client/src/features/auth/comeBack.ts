/** Why one comes back from another site without being signed in. */
export function comeBackWords(code: string | null): string | undefined {
  switch (code) {
    case null:
    case '':
      return undefined;
    case 'access_denied':
    case 'forbidden':
      return 'The other site did not let you in. Try again, or sign in with a password.';
    case 'conflict':
      return 'There is an account with your email address already. Sign in with its password.';
    case 'unavailable':
      return 'The other site does not answer at the moment. Please try again in a while.';
    case 'rate_limited':
      return 'Too many tries. Please wait a minute.';
    case 'token_expired':
    case 'unauthorized':
      return 'That took too long, or was begun in another window. Please try again.';
    default:
      return 'Signing in at the other site did not work. Please try again.';
  }
}
