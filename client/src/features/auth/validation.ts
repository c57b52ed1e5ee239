/** Error texts by field, found before the server is asked. Empty when all fields are valid. */
export type FieldErrors = Partial<Record<'name' | 'email' | 'password', string>>;

export function validateName(name: string): string | undefined {
  const length = [...name.trim()].length;
  if (length === 0) return 'Please tell us what to call you.';
  if (length > 60) return 'At most 60 characters, please.';
  return undefined;
}

export function validateEmail(email: string): string | undefined {
  if (email.trim() === '') return 'Please enter your email address.';
  if (!/^[^\s@]+@[^\s@]+$/.test(email.trim())) return 'That does not look like an email address.';
  return undefined;
}

export function validateNewPassword(password: string): string | undefined {
  const length = [...password].length;
  if (length < 8) return 'At least 8 characters, please.';
  if (length > 256) return 'At most 256 characters, please.';
  return undefined;
}

export const validateGuest = (it: { name: string }): FieldErrors =>
  strip({ name: validateName(it.name) });

export function validateSignUp(it: { name: string; email: string; password: string }): FieldErrors {
  return strip({
    name: validateName(it.name),
    email: validateEmail(it.email),
    password: validateNewPassword(it.password),
  });
}

export function validateSignIn(it: { email: string; password: string }): FieldErrors {
  return strip({
    email: validateEmail(it.email),
    password: it.password === '' ? 'Please enter your password.' : undefined,
  });
}

function strip(all: Record<string, string | undefined>): FieldErrors {
  return Object.fromEntries(Object.entries(all).filter(([, words]) => words !== undefined));
}
