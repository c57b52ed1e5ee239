import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '../../connection';
import type { Room, RoomSettings } from '../../protocol';
import type { Control } from './control';
import { GeneralSettings } from './GeneralSettings';

const settings = { capacity: 30, slowModeSec: 0, locked: false, guests: true } as RoomSettings;
const roomOf = (title: string, changed: Partial<RoomSettings> = {}) =>
  ({ roomId: 'r1', title, settings: { ...settings, ...changed } }) as Room;
const changeSettings = vi.fn(() => Promise.resolve(true));
const control = { changeSettings } as unknown as Control;
const shown = (room: Room) => <GeneralSettings control={control} room={room} />;
const title = () => screen.getByLabelText<HTMLInputElement>('Title');

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  changeSettings.mockClear();
});

it('leaves what another moderator changes while it is open', async () => {
  const { rerender } = render(shown(roomOf('Algebra')));
  await userEvent.click(screen.getByLabelText(/^Guests may come in/));
  rerender(shown(roomOf('Geometry', { slowModeSec: 30, locked: true })));
  expect(title().value).toBe('Geometry');
  expect(screen.getByLabelText<HTMLInputElement>(/^Slow mode/).value).toBe('30');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(changeSettings.mock.calls).toEqual([[{ guests: false }]]);
});

it('says that a title was changed meanwhile, before this one replaces it', async () => {
  const patchRoom = vi.spyOn(api, 'patchRoom').mockResolvedValue({ room: roomOf('Sets') });
  const { rerender } = render(shown(roomOf('Algebra')));
  await userEvent.clear(title());
  await userEvent.type(title(), 'Sets');
  expect(screen.queryByRole('alert')).toBeNull();
  rerender(shown(roomOf('Geometry')));
  expect(screen.getByRole('alert').textContent).toContain(
    'It was changed meanwhile, to “Geometry”.',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(patchRoom.mock.calls).toEqual([['r1', { title: 'Sets' }]]));
  cleanup();

  const second = render(shown(roomOf('Algebra')));
  await userEvent.type(title(), ' II');
  second.rerender(shown(roomOf('Geometry')));
  await userEvent.click(screen.getByRole('button', { name: 'Take that' }));
  expect(title().value).toBe('Geometry');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true);
});
