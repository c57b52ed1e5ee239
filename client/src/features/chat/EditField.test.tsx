import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import type { Chat } from './chat';
import { EditField } from './EditField';
import { message } from './fixtures';

const edit = vi.fn<(id: string, text: string) => Promise<boolean>>(() => Promise.resolve(true));
const chat = { edit } as unknown as Chat;
const show = (text: string) => (
  <EditField chat={chat} message={message(1, { text })} onDone={() => undefined} />
);
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox');
afterEach(() => {
  cleanup();
  edit.mockClear();
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
