import { accountHabits } from './accounts.ts';
import { boardHabits } from './board.ts';
import { connectionHabits } from './connections.ts';
import { eventHabits } from './events.ts';
import { fileHabits } from './files.ts';
import { frameHabits } from './frames.ts';
import type { Habits } from './habit.ts';
import { routeHabits } from './routes.ts';

export const habits: Habits = {
  ...boardHabits,
  ...eventHabits,
  ...connectionHabits,
  ...frameHabits,
  ...accountHabits,
  ...fileHabits,
  ...routeHabits,
};

export const habitNames = Object.keys(habits);
