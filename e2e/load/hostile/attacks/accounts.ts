import { randomUUID } from 'node:crypto';
import { type Guest, cookieOf, password } from '../guest.ts';
import type { Attacks } from './attack.ts';

/** At the same time, of one guest. */
const signIns = 20;
const refreshes = 6;
const previews = 4;

/** So many loops side by side, each asking as soon as it is answered. */
async function loops(
  count: number,
  end: AbortSignal,
  ask: (n: number) => Promise<unknown>,
): Promise<void> {
  const loop = async (n: number) => {
    while (!end.aborted) {
      await ask(n);
      // A refusal comes at once: no one's machine is to be kept busy by who hears it.
      await new Promise((wait) => setTimeout(wait, 5));
    }
  };
  await Promise.all(Array.from({ length: count }, async (_, n) => loop(n)));
}

const login = 'POST /api/auth/login';

const signingIn = (body: (guest: Guest, n: number) => object, route = login): Attacks[string] => {
  const [, path = ''] = route.split(' ');
  return async (guest, end) =>
    loops(signIns, end, async (n) => guest.call(route, path, { body: body(guest, n) }));
};

export const accountAttacks: Attacks = {
  'signing in, right': signingIn(({ email }) => ({ email, password })),
  'signing in, wrong': signingIn(({ email }, n) => ({ email, password: `a wrong password ${n}` })),
  'signing in, anyone': signingIn(() => ({ email: `${randomUUID()}@example.org`, password })),
  'signing up': signingIn(
    () => ({ email: `${randomUUID()}@example.org`, password, name: 'x'.repeat(60) }),
    'POST /api/auth/signup',
  ),
  'coming as guests': signingIn(
    ({ target }) => ({ name: 'x'.repeat(60), roomId: target.attacked }),
    'POST /api/auth/guest',
  ),
  'refreshing in loops': async (guest, end) => {
    const path = '/api/auth/refresh';
    const signedIn = await guest.call(login, '/api/auth/login', {
      body: { email: guest.email, password },
    });
    const cookies = Array.from({ length: refreshes }, () =>
      signedIn?.ok ? cookieOf(signedIn) : guest.cookie,
    );
    await loops(refreshes, end, async (n) => {
      const cookie = cookies[n] ?? '';
      const reply = await guest.call(`POST ${path}`, path, { headers: { cookie } });
      if (reply?.ok) cookies[n] = cookieOf(reply);
    });
  },
  'codes tried': async (guest, end) => {
    const { code, attacked } = guest.target;
    await loops(previews, end, async (n) => {
      const room = [code, attacked, randomUUID().slice(0, 8)][n % 3] ?? code;
      await guest.call('GET /api/rooms/{room}', `/api/rooms/${room}`);
    });
  },
};
