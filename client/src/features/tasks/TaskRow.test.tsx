import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { draftStore } from '../../connection';
import type { Task } from '../../protocol';
import { TaskRow } from './TaskRow';
import type { Tasks } from './tasks';

const change = vi.fn(() => Promise.resolve(true));
const tasks = { change, drafts: draftStore('me', 'r1') } as unknown as Tasks;
const row = (title: string) => {
  const task = { id: 't1', title, status: 'open' } as Task;
  return <TaskRow task={task} tasks={tasks} people={[]} first last />;
};
const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'New title' });

async function opened() {
  const { rerender } = render(row('Read'));
  await userEvent.dblClick(screen.getByText('Read'));
  return rerender;
}

beforeEach(() => {
  change.mockClear();
  localStorage.clear();
});
afterEach(cleanup);

it('does not replace what another made of a title meanwhile, until that was seen', async () => {
  const rerender = await opened();
  await userEvent.type(field(), ' chapter 2');
  rerender(row('Write'));
  await userEvent.type(field(), '{Enter}');
  await userEvent.tab();
  expect(change).not.toHaveBeenCalled();
  expect(screen.getByRole('alert').textContent).toContain('to “Write”');
  await userEvent.click(screen.getByRole('button', { name: 'Go on with mine' }));
  await userEvent.type(field(), '{Enter}');
  await waitFor(() => expect(change.mock.calls).toEqual([['t1', { title: 'Read chapter 2' }]]));
});

it('takes the other title where that is wanted', async () => {
  const rerender = await opened();
  await userEvent.type(field(), ' chapter 2');
  rerender(row('Write'));
  await userEvent.click(screen.getByRole('button', { name: 'Take that' }));
  expect(screen.queryByRole('textbox')).toBeNull();
  expect(screen.getByText('Write')).not.toBeNull();
  expect(change).not.toHaveBeenCalled();
});
