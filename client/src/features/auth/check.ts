/** What is wrong with what was typed, before the server is asked. Empty: nothing. */
export type Wrong = Partial<Record<'name' | 'email' | 'password', string>>;

export function checkName(name: string): string | undefined {
  const length = [...name.trim()].length;
  if (length === 0) return 'Please tell us what to call you.';
  if (length > 60) return 'At most 60 characters, please.';
  return undefined;
}

export function checkEmail(email: string): string | undefined {
  if (email.trim() === '') return 'Please enter your email address.';
  if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) return 'That does not look like an email address.';
  return undefined;
}

export function checkNewPassword(password: string): string | undefined {
  const length = [...password].length;
  if (length < 8) return 'At least 8 characters, please.';
  if (length > 256) return 'At most 256 characters, please.';
  return undefined;
}

export const checkGuest = (it: { name: string }): Wrong => strip({ name: checkName(it.name) });

export function checkSignUp(it: { name: string; email: string; password: string }): Wrong {
  return strip({
    name: checkName(it.name),
    email: checkEmail(it.email),
    password: checkNewPassword(it.password),
  });
}

export function checkSignIn(it: { email: string; password: string }): Wrong {
  return strip({
    email: checkEmail(it.email),
    password: it.password === '' ? 'Please enter your password.' : undefined,
  });
}

function strip(all: Record<string, string | undefined>): Wrong {
  return Object.fromEntries(Object.entries(all).filter(([, words]) => words !== undefined));
}
