import { expect, Server, test } from '../../server.ts';
import { Person } from '../../people.ts';

/** What strangers may ask for as often as they like: it is the same for everyone, and costs no look into a store. */
const free = new Set([
  'GET /api/auth/providers',
  'GET /api/openapi.json',
  'GET /health',
  'GET /metrics',
  // The store is asked; balancers and their probes share one address with everyone behind them.
  'GET /ready',
]);

interface Operation {
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string }[];
}

interface Route {
  name: string;
  method: string;
  path: string;
  /** Whether no access token is needed. */
  isOpen: boolean;
}

async function routes(server: Server): Promise<Route[]> {
  const answer = await fetch(`${server.url}/api/openapi.json`);
  const document = (await answer.json()) as {
    security: Record<string, string[]>[];
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { security = document.security }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      isOpen: security.some((one) => !('bearer' in one)),
    })),
  );
}

const bodies: Record<string, object> = {
  'POST /api/auth/signup': { email: 'ann@example.org', password: 'a good password', name: 'Ann' },
  'POST /api/auth/login': { email: 'ann@example.org', password: 'a wrong password' },
  'POST /api/auth/guest': { name: 'Gus', roomId: 'none' },
};

async function ask(
  server: Server,
  { name, method, path }: Route,
  token?: string,
): Promise<Response> {
  const filled = path.replace('{site}', 'school').replaceAll(/\{\w+\}/g, 'none');
  const body = bodies[name] ?? (method === 'GET' ? undefined : {});
  return fetch(server.url + filled, {
    method,
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      cookie: 'studyrooms_refresh=nobody.knows; studyrooms_guest=nobody.knows',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

/** Refused by a limit; pages that browsers navigate to say so in the address that they go on to. */
function isLimited(answer: Response): boolean {
  return answer.status === 429 || (answer.headers.get('location') ?? '').includes('rate_limited');
}

test('every route that needs no access token has a limit by address', async () => {
  const site = { id: 'school', name: 'School', issuer: 'http://127.0.0.1:9', 'client-id': 'a' };
  const server = await Server.start({
    // One of each at once.
    RATE_LIMIT_FACTOR: '0.0001',
    OIDC_PROVIDERS: JSON.stringify([{ ...site, 'client-secret': 'b' }]),
  });
  try {
    const open = (await routes(server)).filter(({ isOpen }) => isOpen);
    expect(open.map(({ name }) => name)).toContain('GET /api/rooms/{room}');
    const unlimited: string[] = [];
    for (const route of open) {
      let limited = false;
      for (let time = 0; time < 20 && !limited; time++)
        limited = isLimited(await ask(server, route));
      if (!limited) unlimited.push(route.name);
    }
    // One comes back from another site by a cookie of this one's, which is signed, before anything is done.
    expect(unlimited.sort()).toEqual([...free, 'GET /api/auth/oidc/{site}/callback'].sort());
  } finally {
    await server.dispose();
  }
});

test('no answer that is for one person is kept by anyone (SPEC 10.5)', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const kept: string[] = [];
  for (const route of await routes(server)) {
    const there = { ...route, path: route.path.replace('{room}', roomId) };
    for (const token of [undefined, ann.token]) {
      const answer = await ask(server, there, token);
      if (answer.headers.get('cache-control') !== 'no-store') kept.push(route.name);
    }
  }
  expect(kept).toEqual([]);
  const polling = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
  expect(polling.headers.get('cache-control')).toBe('no-store');
  // What is the same for everyone is kept as before.
  const page = await fetch(server.url);
  expect(page.headers.get('cache-control')).toBe('no-cache');
});
