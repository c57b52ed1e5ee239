import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { api } from '../../connection';
import type { RoomCreated, UserProfile } from '../../protocol';
import { NewRoomDialog } from './NewRoomDialog';

const user = { userId: 'me', name: 'Me' } as UserProfile;
const close = vi.fn();
const field = () => screen.getByLabelText<HTMLInputElement>('Room name');
const opened = () => render(<NewRoomDialog user={user} onClose={close} />);

beforeEach(() => {
  localStorage.clear();
  // jsdom has neither.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it('keeps the name that is typed over a reload, until there is the room', async () => {
  opened();
  await userEvent.type(field(), 'Algebra');
  cleanup();
  opened();
  expect(field().value).toBe('Algebra');
  const create = vi
    .spyOn(api, 'createRoom')
    .mockResolvedValue({ code: 'abc-defg-hij' } as RoomCreated);
  await userEvent.click(screen.getByRole('button', { name: 'Create room' }));
  await waitFor(() => expect(location.pathname).toBe('/r/abc-defg-hij'));
  expect(create.mock.calls[0]?.[0].title).toBe('Algebra');
  cleanup();
  opened();
  expect(field().value).toBe('');
});

it('forgets it when it is not wanted', async () => {
  opened();
  await userEvent.type(field(), 'Algebra');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(close).toHaveBeenCalled();
  cleanup();
  opened();
  expect(field().value).toBe('');
});
