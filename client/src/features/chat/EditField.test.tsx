import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import type { Chat } from './chat';
import { EditField } from './EditField';
import { message } from './fixtures';

const edit = vi.fn<Chat['edit']>(() => Promise.resolve(true));
const kept = new Map<string, string>();
const drafts = {
  read: (name: string) => kept.get(name) ?? null,
  write(name: string, text: string | null) {
    if (text === null) kept.delete(name);
    else kept.set(name, text);
  },
};
const chat = { edit, drafts } as unknown as Chat;
const done = vi.fn();
const show = (text: string) => (
  <EditField chat={chat} message={message(1, { text })} onDone={done} />
);
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox');
afterEach(() => {
  cleanup();
  edit.mockClear();
  done.mockClear();
  kept.clear();
});

it('says that another tab changed the message, before it writes over that', async () => {
  const { rerender } = render(show('one'));
  await userEvent.type(field(), ' and two');
  rerender(show('one and three'));
  expect(screen.getByRole('alert').textContent).toContain('one and three');
  await userEvent.type(field(), '{Enter}');
  expect(edit).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'Go on with mine' }));
  await userEvent.type(field(), '{Enter}');
  expect(edit).toHaveBeenCalledWith('m1', 'one and two');
});

it('goes on with what the other tab made of it, if one wants', async () => {
  const { rerender } = render(show('one'));
  rerender(show('one and three'));
  await userEvent.click(screen.getByRole('button', { name: 'Take that' }));
  expect(field().value).toBe('one and three');
});

it('says what it wrote over, when another tab saved in the same moment', async () => {
  edit.mockResolvedValueOnce({ over: 'theirs' });
  const { rerender } = render(show('one'));
  await userEvent.type(field(), ' and mine{Enter}');
  rerender(show('one and mine'));
  expect(done).not.toHaveBeenCalled();
  expect(screen.getByRole('alert').textContent).toContain('“theirs”');
  await userEvent.click(screen.getByRole('button', { name: 'Take that' }));
  expect(field().value).toBe('theirs');
  await userEvent.type(field(), '{Enter}');
  expect(edit).toHaveBeenLastCalledWith('m1', 'theirs');
  expect(done).toHaveBeenCalledOnce();
});

it('is there again after a new load of the page, and says what changed since', async () => {
  const { unmount } = render(show('one'));
  await userEvent.type(field(), ' and two');
  unmount();
  render(show('one and three'));
  expect(field().value).toBe('one and two');
  expect(screen.getByRole('alert').textContent).toContain('one and three');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(kept.size).toBe(0);
});
