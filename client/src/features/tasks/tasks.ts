import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  errorMessage,
  randomId,
  draftStore,
  type RoomConnection,
  type DraftStore,
} from '../../connection';
import type { Task, TaskId, TaskPatch, UserId } from '../../protocol';
import { movedOrder, sorted, withTask, without } from './list';

export interface Tasks {
  readonly store: StoreApi<{ tasks: readonly Task[]; problem: string | undefined }>;
  /** What is written here and not sent. */
  readonly drafts: DraftStore;
  /** True when the server has it. */
  add(title: string): Promise<boolean>;
  change(id: TaskId, patch: TaskPatch): Promise<boolean>;
  move(id: TaskId, way: 'up' | 'down'): void;
  remove(id: TaskId): void;
  dispose(): void;
}

/** The room's task list, as the server tells it. */
export function createTasks(room: RoomConnection, me: { userId: UserId }): Tasks {
  const { roomId } = room;
  const store = createStore<{ tasks: readonly Task[]; problem: string | undefined }>(() => ({
    tasks: [],
    problem: undefined,
  }));
  const put = (task: Task) => store.setState({ tasks: withTask(store.getState().tasks, task) });
  const drop = (id: TaskId) => store.setState({ tasks: without(store.getState().tasks, id) });

  async function ask<A>(work: Promise<A>, then: (ack: A) => void): Promise<boolean> {
    try {
      then(await work);
      store.setState({ problem: undefined });
      return true;
    } catch (error) {
      const problem = errorMessage(error, {
        too_large: 'That is too long, or the list is full.',
        not_found: 'Someone has removed this task.',
        bad_request: 'The server did not take this.',
        rate_limited: 'That was a little fast.',
      });
      store.setState({ problem });
      return false;
    }
  }

  const change = (taskId: TaskId, patch: TaskPatch) =>
    ask(room.request('task:update', { roomId, taskId, patch }), ({ task }) => put(task));

  const stops = [
    room.onJoined(({ tasks }) => store.setState({ tasks: sorted(tasks) })),
    room.on('task:updated', ({ task }) => put(task)),
    room.on('task:deleted', ({ taskId }) => drop(taskId)),
  ];

  return {
    store,
    drafts: draftStore(me.userId, roomId),
    add: (title) =>
      ask(room.request('task:create', { roomId, title, eventId: randomId() }), ({ task }) =>
        put(task),
      ),
    change,
    move(id, way) {
      const order = movedOrder(store.getState().tasks, id, way);
      if (order !== undefined) void change(id, { order });
    },
    remove: (taskId) =>
      void ask(room.request('task:delete', { roomId, taskId }), () => drop(taskId)),
    dispose: () => stops.forEach((stop) => stop()),
  };
}
