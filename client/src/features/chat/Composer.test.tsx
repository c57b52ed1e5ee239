import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Chat } from './chat';
import { Composer } from './Composer';

const say = vi.fn<(text: string) => void>();
const chat = { say, typed: vi.fn(), stoppedTyping: vi.fn() } as unknown as Chat;
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });

beforeEach(() => {
  say.mockReset();
  render(<Composer chat={chat} />);
});
afterEach(cleanup);

it('sends on Enter and makes a new line on Shift+Enter', async () => {
  await userEvent.type(field(), 'one{Shift>}{Enter}{/Shift}two{Enter}');
  expect(say.mock.calls).toEqual([['one\ntwo']]);
  expect(field().value).toBe('');
});

it('sends nothing that is blank', async () => {
  await userEvent.type(field(), '   {Enter}');
  expect(say).not.toHaveBeenCalled();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
});

it('says by how much a text is too long, and keeps it', async () => {
  await userEvent.click(field());
  await userEvent.paste('🦉'.repeat(4003));
  await userEvent.keyboard('{Enter}');
  expect(say).not.toHaveBeenCalled();
  expect(screen.getByRole('alert').textContent).toContain('Too long by 3');
});
