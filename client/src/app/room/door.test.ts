import { expect, it } from 'vitest';
import { holdsDevices, type Door } from './door';

it.each<[Door, boolean]>([
  [{ at: 'before' }, true],
  [{ at: 'knocking' }, true],
  [{ at: 'inside' }, true],
  [{ at: 'waiting' }, false],
  [{ at: 'turnedAway' }, false],
  [{ at: 'refused', why: 'room_locked' }, false],
  [{ at: 'removed', ban: false, reason: undefined }, false],
])('camera and microphone with %j: %s', (door, holds) => expect(holdsDevices(door)).toBe(holds));
