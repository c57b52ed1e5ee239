/**
 * What attackers sign in with: one account of theirs, its password right or wrong, from the address that honest
 * people share; or ever another account, from elsewhere, which is guessed at or made.
 */
export const kinds = ['right', 'wrong', 'unknown', 'new'] as const;
export type Kind = (typeof kinds)[number];

export const password = 'a good password';

/** Gives the status of the answer. `from` is the client's address as a balancer tells it. */
export async function signIn(
  url: string,
  email: string,
  word: string,
  from?: string,
): Promise<number> {
  return post(`${url}/api/auth/login`, { email, password: word }, from);
}

export async function signUp(url: string, email: string, from?: string): Promise<number> {
  return post(`${url}/api/auth/signup`, { email, password, name: 'Ann' }, from);
}

async function post(url: string, body: object, from?: string): Promise<number> {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (from !== undefined) headers.set('x-forwarded-for', from);
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  await answer.arrayBuffer();
  return answer.status;
}
