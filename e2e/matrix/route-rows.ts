import type { Cast, Player } from './cast.ts';
import { prepared, type Row } from './socket-rows.ts';

/** A request; its outcome is `ok` for any status of success, or the code of the refusal. */
function route(
  method: string,
  path: string | ((cast: Cast) => string | Promise<string>),
  body?: (cast: Cast, by: Player) => object | Promise<object>,
  name?: string,
): Row {
  const label = typeof path === 'string' ? path : (name ?? '');
  return prepared(`${method} ${name ?? label}`, async (cast, by) => {
    const rest = typeof path === 'string' ? path : await path(cast);
    const payload = body ? await body(cast, by) : undefined;
    const target = `/api/rooms/${cast.roomId}${rest}`;
    return async () => outcome(cast, method, target, payload, by.person.token);
  });
}

const inRoom = (cast: Cast, by: Player) =>
  by !== cast.players.stranger && Object.values(cast.players).includes(by);

/** A request about the room by a path that does not begin with it. */
function elsewhere(
  method: string,
  name: string,
  path: (cast: Cast, by: Player) => Promise<string>,
  body?: (cast: Cast) => object,
): Row {
  return prepared(`${method} /api/${name}`, async (cast, by) => {
    const target = await path(cast, by);
    return async () => outcome(cast, method, target, body?.(cast), by.person.token);
  });
}

export async function outcome(
  cast: Cast,
  method: string,
  path: string,
  body?: object,
  token?: string,
): Promise<string> {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (token) headers.set('authorization', `Bearer ${token}`);
  const answer = await fetch(cast.server.url + path, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.ok) return 'ok';
  return (JSON.parse(text) as { error: { code: string } }).error.code;
}

function pomodoro(action: string, state: 'idle' | 'running' | 'paused'): Row {
  return route('POST', `/pomodoro/${action}`, async (cast) => {
    await cast.timer(state);
    return {};
  });
}

export const routeRows: Row[] = [
  route('GET', '/messages'),
  route('GET', '/messages/search?q=hi'),
  route('POST', '/messages', () => ({ text: 'hi' })),
  route('GET', '/tasks'),
  route('POST', '/tasks', () => ({ title: 'more to do' })),
  route(
    'PATCH',
    async (cast) => `/tasks/${await cast.task()}`,
    () => ({ status: 'done' }),
    '/tasks/:id',
  ),
  route('DELETE', async (cast) => `/tasks/${await cast.task()}`, undefined, '/tasks/:id'),
  pomodoro('start', 'idle'),
  pomodoro('pause', 'running'),
  pomodoro('resume', 'paused'),
  pomodoro('skip', 'running'),
  pomodoro('stop', 'running'),
  route('GET', '/board'),
  route(
    'GET',
    async (cast) => `/board?version=${await cast.version()}`,
    undefined,
    '/board of a version',
  ),
  route('GET', '/board.svg'),
  route('GET', '/board/versions'),
  route(
    'GET',
    async (cast) => `/board/versions/${await cast.version()}/picture`,
    undefined,
    '/board/versions/:id/picture',
  ),
  route('GET', '/files'),
  elsewhere(
    'POST',
    'upload-url',
    () => Promise.resolve('/api/upload-url'),
    (cast) => ({
      roomId: cast.roomId,
      name: 'a',
      size: 1,
      mimeType: 'text/plain',
    }),
  ),
  elsewhere('GET', 'files/:id', async (cast) => cast.file(cast.players.owner)),
  elsewhere(
    'GET',
    'files/:id/links',
    async (cast) => `${await cast.file(cast.players.owner)}/links`,
  ),
  elsewhere('DELETE', 'files/:id, own', async (cast, by) =>
    cast.file(inRoom(cast, by) ? by : cast.players.owner),
  ),
  elsewhere('DELETE', "files/:id, another's", async (cast, by) =>
    cast.file(
      by.person.userId === cast.players.mod.person.userId ? cast.players.owner : cast.players.mod,
    ),
  ),
  route('GET', '/members'),
  route('GET', '/stats'),
  route('GET', '/summaries'),
  route('GET', '/bans'),
  route('GET', '/audit'),
  route('GET', '/export'),
  route('PATCH', '', () => ({ title: 'Matrix' })),
];

/** Routes that are no room's, with a token and without one. */
export const ownRoutes: [string, string, object?][] = [
  ['GET', '/api/me'],
  ['POST', '/api/me/avatar', { size: 1, mimeType: 'image/png' }],
  ['GET', '/api/me/stats'],
  ['GET', '/api/rooms'],
  ['GET', '/api/ice-servers'],
  ['POST', '/api/rooms', { title: 'Another' }],
];
