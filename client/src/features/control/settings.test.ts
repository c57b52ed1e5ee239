import { expect, it } from 'vitest';
import type { RoomSettings } from '../../protocol';
import { changedSettings, checkSettings } from './settings';

const settings: RoomSettings = {
  access: 'link',
  guests: true,
  capacity: 50,
  locked: false,
  whoDraws: 'everyone',
  whoRunsTimer: 'everyone',
  selfUnmute: true,
  timerDrivesRoom: false,
  slowModeSec: 0,
};

it('sends only what differs', () => {
  expect(changedSettings(settings, { ...settings, locked: true, slowModeSec: 5 })).toEqual({
    locked: true,
    slowModeSec: 5,
  });
  expect(changedSettings(settings, { ...settings })).toEqual({});
});

it('says what is wrong before the server is asked', () => {
  const good = { title: undefined, capacity: undefined, slowModeSec: undefined };
  expect(checkSettings('Room', settings)).toEqual(good);
  expect(checkSettings(' ', settings).title).toContain('name');
  expect(checkSettings('x'.repeat(121), settings).title).toContain('120');
  expect(checkSettings('x', { ...settings, capacity: 0 }).capacity).toContain('1 to 1000');
  expect(checkSettings('x', { ...settings, slowModeSec: NaN }).slowModeSec).toBeDefined();
});
