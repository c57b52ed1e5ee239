export { createTasks, type Tasks } from './tasks';
export { TasksPanel } from './TasksPanel';
