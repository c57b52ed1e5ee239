import { expect, it } from 'vitest';
import { holdsDevices, type JoinState } from './joinState';

it.each<[JoinState, boolean]>([
  [{ phase: 'preJoin' }, true],
  [{ phase: 'joining' }, true],
  [{ phase: 'joined' }, true],
  [{ phase: 'waiting' }, false],
  [{ phase: 'denied' }, false],
  [{ phase: 'refused', why: 'room_locked' }, false],
  [{ phase: 'removed', ban: false, reason: undefined }, false],
])('camera and microphone with %j: %s', (joinState, holds) =>
  expect(holdsDevices(joinState)).toBe(holds),
);
