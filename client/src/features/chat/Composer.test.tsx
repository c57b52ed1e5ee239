import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { draftStore } from '../../connection';
import type { Chat } from './chat';
import { Composer } from './Composer';
import type { SendPause } from './outboxSender';

const send = vi.fn<(text: string) => void>();
const store = createStore(() => ({
  replyTo: null,
  sendPause: null as SendPause | null,
  outbox: [],
}));
const roomInfo = createStore(() => ({ room: null }));
const drafts = draftStore('me', 'r1');
const chat = {
  ...{ send, store, roomInfo, drafts },
  ...{ startedTyping: vi.fn(), stoppedTyping: vi.fn() },
} as unknown as Chat;
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });

beforeEach(() => {
  send.mockReset();
  localStorage.clear();
  render(<Composer chat={chat} />);
});
afterEach(cleanup);

it('sends on Enter and makes a new line on Shift+Enter', async () => {
  await userEvent.type(field(), 'one{Shift>}{Enter}{/Shift}two{Enter}');
  expect(send.mock.calls).toEqual([['one\ntwo']]);
  expect(field().value).toBe('');
});

it('lets one write from right to left', () => expect(field().dir).toBe('auto'));

it('sends nothing at the Enter that ends a composition, in the order of every browser', () => {
  fireEvent.change(field(), { target: { value: 'にほん' } });
  fireEvent.keyDown(field(), { key: 'Enter', keyCode: 229, isComposing: true });
  // Safari: the composition has ended when the key is told.
  fireEvent.compositionEnd(field());
  fireEvent.keyDown(field(), { key: 'Enter', keyCode: 229, isComposing: false });
  expect(send).not.toHaveBeenCalled();
  fireEvent.keyDown(field(), { key: 'Enter', keyCode: 13 });
  expect(send.mock.calls).toEqual([['にほん']]);
});

it('keeps what was written over a reload and over leaving, until it is sent', async () => {
  await userEvent.type(field(), 'half a sen');
  cleanup();
  render(<Composer chat={chat} />);
  expect(field().value).toBe('half a sen');
  await userEvent.type(field(), 'tence{Enter}');
  cleanup();
  render(<Composer chat={chat} />);
  expect(field().value).toBe('');
});

it('sends nothing that is blank', async () => {
  await userEvent.type(field(), '   {Enter}');
  expect(send).not.toHaveBeenCalled();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
});

it('says by how much a text is too long, and keeps it', async () => {
  await userEvent.click(field());
  await userEvent.paste('🦉'.repeat(4003));
  await userEvent.keyboard('{Enter}');
  expect(send).not.toHaveBeenCalled();
  expect(screen.getByRole('alert').textContent).toContain('Too long by 3');
});

it('counts down while the server wants a pause', () => {
  const since = performance.now();
  act(() => store.setState({ sendPause: { since, until: since + 2_000, why: 'tooFast' } }));
  expect(screen.getByRole('status').textContent).toContain('Try again in 2 s.');
  act(() => store.setState({ sendPause: null }));
  expect(screen.getByRole('status').textContent).toBe('');
});
