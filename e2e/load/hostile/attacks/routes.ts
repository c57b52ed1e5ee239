import { atRate } from '../at-rate.ts';
import type { Guest, Identity } from '../guest.ts';
import type { Attacks } from './attack.ts';

/** As an address allows, of ordinary requests. */
const perSecond = 30;
const burst = 60;

type Bodies = Record<string, (guest: Guest, who: Identity, n: number) => object>;

const letters = (count: number) => '😀'.repeat(count);

/** The largest body of each route that takes one. */
const bodies: Bodies = {
  'POST /api/dms': () => ({ userId: 'someone' }),
  'PATCH /api/me': (_, __, n) => ({ name: letters(60), timeZone: n % 2 ? 'UTC' : 'Asia/Tokyo' }),
  'POST /api/me/avatar': () => ({ size: 256 << 10, mimeType: 'image/png' }),
  'PUT /api/me/avatar': () => ({ size: 256 << 10, mimeType: 'image/png' }),
  'POST /api/rooms': () => ({ title: letters(120), settings: { capacity: 1000 } }),
  'PATCH /api/rooms/{room}': () => ({ title: letters(120), settings: { locked: true } }),
  'POST /api/rooms/{room}/messages': () => ({ text: letters(4_000) }),
  'POST /api/rooms/{room}/tasks': () => ({ title: letters(200) }),
  'PATCH /api/rooms/{room}/tasks/{task}': () => ({ title: letters(200), status: 'doing' }),
  'POST /api/upload-url': (_, { roomId }) => ({
    roomId,
    name: letters(255),
    size: 1_000,
    mimeType: 'image/png',
    thumbnail: { size: 256 << 10, mimeType: 'image/png' },
  }),
  'POST /api/uploads/{upload}/parts': () => ({
    numbers: Array.from({ length: 100 }, (_, n) => n + 1),
  }),
  'POST /api/auth/login': ({ email }) => ({ email, password: 'a good password' }),
  'POST /api/auth/guest': (_, { roomId }) => ({ name: letters(60), roomId }),
  'POST /api/auth/signup': () => ({ email: 'no address', password: 'x'.repeat(200), name: 'x' }),
};

/** What makes reading costly. */
const queries: Record<string, string> = {
  'GET /api/rooms/{room}/messages': '?limit=100',
  'GET /api/rooms/{room}/messages/search': '?q=something',
  'GET /api/rooms/{room}/audit': '?limit=100',
};

/** Not called: rooms of honest people would be gone, and other sites are not asked from here. */
const isLeft = (route: string) =>
  route === 'DELETE /api/rooms/{room}' || route.includes('/api/auth/oidc');

function fill(guest: Guest, route: string, { roomId, userId }: Identity): string {
  const { taskId, fileId, uploadId } = guest.known;
  const values: Record<string, string> = {
    room: roomId,
    task: taskId,
    file: fileId,
    upload: uploadId,
    user: userId,
    version: 'none',
  };
  const [, path = ''] = route.split(' ');
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'none');
}

/** Every route that the server says it has. */
async function routesOf(guest: Guest): Promise<string[]> {
  const reply = await guest.call('GET /api/openapi.json', '/api/openapi.json');
  if (!reply?.ok) return [];
  const { paths } = JSON.parse(await reply.text()) as { paths: Record<string, object> };
  return Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    .filter((route) => !isLeft(route));
}

function calling(fits: (route: string) => boolean): Attacks[string] {
  return async (guest, end) => {
    const routes = (await routesOf(guest)).filter(fits);
    await atRate(perSecond, burst, end, async (n) => {
      const route = routes[(n + guest.number) % Math.max(1, routes.length)];
      if (route === undefined) return;
      const who = guest.someone;
      const body = bodies[route]?.(guest, who, n);
      const target = fill(guest, route, who) + (queries[route] ?? '');
      await guest.call(route, target, { token: who.token, ...(body ? { body } : {}) });
    });
  };
}

export const routeAttacks: Attacks = {
  'every route': calling(() => true),
  'everything read': calling((route) => route.startsWith('GET ')),
  'everything written': calling((route) => !route.startsWith('GET ')),
};
