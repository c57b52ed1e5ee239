import type {
  AuditPage,
  BoardElements,
  BoardVersions,
  TaskAck,
  TaskList,
  TaskUpdated,
  TimerAck,
  TimerChanged,
} from '../../../client/src/protocol/index.ts';
import { ask, disconnectAll, next, Person } from '../../people.ts';
import { expect, test } from '../../server.ts';

test.afterEach(disconnectAll);

test('the timer runs on through a kill -9, by the server’s deadline (SPEC 8.1)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const heard = next<TimerChanged>(socket, 'timer:state');
  const started = await ask(socket, 'timer:start', { roomId, focusMin: 50, cycles: 2 });
  if (!started.ok) throw new Error(started.error.message);
  expect(started.state).toMatchObject({
    phase: 'focus',
    running: true,
    cycle: 1,
    startedBy: ann.userId,
  });
  expect((await heard).state).toEqual(started.state);
  await server.kill();
  await server.run();
  const { state } = await ann.join(roomId);
  expect(state.timer).toEqual(started.state);
  const run = async (action: string) =>
    (await ann.call<TimerAck>('POST', `/api/rooms/${roomId}/pomodoro/${action}`)).body.state;
  expect(await run('pause')).toMatchObject({ running: false, endsAt: null });
  expect(await run('resume')).toMatchObject({ running: true, remainingMs: null });
  expect(await run('skip')).toMatchObject({ phase: 'break', cycle: 1 });
  expect(await run('stop')).toMatchObject({ phase: 'idle', running: false, cycle: 0 });
});

test('tasks by HTTP and by socket are the same tasks (SPEC 8.3)', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const heard = next<TaskUpdated>(socket, 'task:updated');
  const path = `/api/rooms/${roomId}/tasks`;
  const made = await ann.call<TaskAck>('POST', path, {
    title: ' chapter 3 ',
    assigneeId: ann.userId,
  });
  expect(made.status).toBe(201);
  expect((await heard).task).toEqual(made.body.task);
  const taskId = made.body.task.id;
  const patch = { status: 'doing', assigneeId: null } as const;
  const changed = await ask(socket, 'task:update', { roomId, taskId, patch });
  expect(changed).toMatchObject({ ok: true, task: { title: 'chapter 3', status: 'doing' } });
  const list = (await ann.call<TaskList>('GET', path)).body.tasks;
  expect(list).toEqual([changed.ok && changed.task]);
  expect(list[0]).not.toHaveProperty('assigneeId');
  expect((await ann.call('DELETE', `${path}/${taskId}`)).status).toBe(204);
  expect((await ann.call('DELETE', `${path}/${taskId}`)).status).toBe(404);
});

test('a board version is brought back by ops, and can be drawn as a picture (SPEC 6.5)', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const ben = await Person.signUp(server, 'Ben');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const watching = (await ben.join(roomId)).socket;
  const text = {
    id: 't1',
    kind: 'text',
    x: 0,
    y: 0,
    text: '<b>&',
    color: '#123456',
    width: 20,
  } as const;
  const stroke = {
    type: 'stroke',
    id: 's1',
    points: [
      [1, 2],
      [3, 4],
    ],
    color: '#000',
    width: 2,
  } as const;
  await ask(socket, 'whiteboard:draw', {
    roomId,
    ops: [
      {
        ...stroke,
        points: [
          [1, 2],
          [3, 4],
        ],
      },
      { type: 'put', element: text },
    ],
  });
  const saved = await ask(socket, 'whiteboard:save', { roomId, title: 'Before' });
  if (!saved.ok) throw new Error(saved.error.message);
  const { versionId } = saved.version;
  const get = async <T>(rest: string) =>
    (await ann.call<T>('GET', `/api/rooms/${roomId}/${rest}`)).body;
  const before = await get<BoardElements>('board');
  await ask(socket, 'whiteboard:draw', { roomId, ops: [{ type: 'clear' }] });
  expect((await get<BoardElements>('board')).elements).toEqual([]);
  expect((await get<BoardElements>(`board?version=${versionId}`)).elements).toEqual(
    before.elements,
  );
  const update = next(watching, 'whiteboard:update');
  expect((await ask(socket, 'whiteboard:restore', { roomId, versionId })).ok).toBe(true);
  await update;
  const now = await get<BoardElements>('board');
  expect(now.elements.map(({ id }) => id).sort()).toEqual(['s1', 't1']);
  expect((await get<BoardVersions>('board/versions')).versions).toMatchObject([
    { versionId, title: 'Before', by: ann.userId },
  ]);
  const answer = await fetch(`${server.url}/api/rooms/${roomId}/board.svg`, {
    headers: { authorization: `Bearer ${ann.token}` },
  });
  expect(answer.headers.get('content-type')).toBe('image/svg+xml');
  expect(await answer.text()).toContain('&lt;b&gt;&amp;');
});

test('the audit tells moderators who decided what', async ({ server }) => {
  const ann = await Person.signUp(server, 'Ann');
  const ben = await Person.signUp(server, 'Ben');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  await ben.join(roomId);
  await ask(socket, 'control:role', { roomId, userId: ben.userId, role: 'mod' });
  await ask(socket, 'control:settings', { roomId, settings: { locked: true } });
  const { body } = await ben.call<AuditPage>('GET', `/api/rooms/${roomId}/audit?limit=2`);
  expect(body.entries).toMatchObject([
    { type: 'role', userId: ann.userId, name: 'Ann', payload: { target: ben.userId, role: 'mod' } },
    { type: 'settings', payload: { settings: { locked: true } } },
  ]);
  const older = await ben.call<AuditPage>('GET', `/api/rooms/${roomId}/audit?before=${body.next}`);
  expect(older.body.entries.map(({ type }) => type)).toEqual(['joined', 'joined']);
});
