import { expect, it, vi } from 'vitest';
import { RequestError } from '../../connection';
import { fakeRoom } from '../../connection/fakeRoom';
import type { Task } from '../../protocol';
import { createTasks } from './tasks';

const task = (id: string, order: number): Task => ({ id, title: id, status: 'open', order });

function setUp() {
  const net = fakeRoom();
  const tasks = createTasks(net.room, { userId: 'me' });
  net.join({ tasks: [task('b', 2), task('a', 1)] });
  const ids = () => tasks.store.getState().tasks.map(({ id }) => id);
  return { net, tasks, ids };
}

it('follows what others do', () => {
  const { net, ids } = setUp();
  net.emit('task:updated', { roomId: 'r1', seq: 1, task: task('c', 1.5) });
  expect(ids()).toEqual(['a', 'c', 'b']);
  net.emit('task:deleted', { roomId: 'r1', seq: 2, taskId: 'a' });
  expect(ids()).toEqual(['c', 'b']);
});

it('says what changes and nothing else', async () => {
  const { net, tasks, ids } = setUp();
  tasks.move('b', 'up');
  expect(net.asked[0]).toMatchObject({
    event: 'task:update',
    payload: { roomId: 'r1', taskId: 'b', patch: { order: 0 } },
  });
  net.asked[0]!.answer({ task: task('b', 0) });
  await vi.waitFor(() => expect(ids()).toEqual(['b', 'a']));
});

it('says what went wrong, until something works', async () => {
  const { net, tasks } = setUp();
  const adding = tasks.add('x');
  net.asked[0]!.refuse(new RequestError('too_large', '', false));
  expect(await adding).toBe(false);
  expect(tasks.store.getState().problem).toContain('too long');
  const again = tasks.add('y');
  net.asked[1]!.answer({ task: task('y', 3) });
  expect(await again).toBe(true);
  expect(tasks.store.getState().problem).toBeUndefined();
});
