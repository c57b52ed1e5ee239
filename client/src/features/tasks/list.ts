import type { Task, TaskId, TaskStatus } from '../../protocol';

/** A task that is new or changed, in its place. */
export function withTask(tasks: readonly Task[], task: Task): readonly Task[] {
  return sorted([...without(tasks, task.id), task]);
}

export const without = (tasks: readonly Task[], id: TaskId): readonly Task[] =>
  tasks.filter((task) => task.id !== id);

/** As the server sorts them. */
export function sorted(tasks: readonly Task[]): readonly Task[] {
  return [...tasks].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** The order that brings a task one place up or down; none at the end, or where no number fits. */
export function movedOrder(
  tasks: readonly Task[],
  id: TaskId,
  way: 'up' | 'down',
): number | undefined {
  const at = tasks.findIndex((task) => task.id === id);
  const [over, beyond] = way === 'up' ? [at - 1, at - 2] : [at + 1, at + 2];
  const next = tasks[over];
  if (at < 0 || !next) return undefined;
  const far = tasks[beyond];
  if (!far) return next.order + (way === 'up' ? -1 : 1);
  const order = (next.order + far.order) / 2;
  return order === next.order || order === far.order ? undefined : order;
}

/** What a click makes of it: open, under way, done, and open again. */
export const nextStatus: Record<TaskStatus, TaskStatus> = {
  open: 'doing',
  doing: 'done',
  done: 'open',
};

export const statusNames: Record<TaskStatus, string> = {
  open: 'Open',
  doing: 'Under way',
  done: 'Done',
};
