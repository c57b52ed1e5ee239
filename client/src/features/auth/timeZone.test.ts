import { expect, it } from 'vitest';
import type { UserProfile } from '../../protocol';
import { zones, zoneToSet } from './timeZone';

const user = (more: Partial<UserProfile> = {}): UserProfile => ({
  userId: 'u',
  name: 'Ann',
  email: 'a@b',
  guest: false,
  timeZone: 'UTC',
  ...more,
});

it('sets the zone only where none was chosen', () => {
  expect(zoneToSet(user(), 'Europe/Helsinki')).toBe('Europe/Helsinki');
  expect(zoneToSet(user(), 'UTC')).toBeUndefined();
  expect(zoneToSet(user({ timeZone: 'Asia/Tokyo' }), 'Europe/Helsinki')).toBeUndefined();
  expect(zoneToSet(user({ guest: true }), 'Europe/Helsinki')).toBeUndefined();
});

it('offers what is chosen, also where the browser does not know it', () => {
  expect(zones('Mars/Olympus')).toContain('Mars/Olympus');
  expect(zones('Europe/Berlin').filter((it) => it === 'Europe/Berlin')).toHaveLength(1);
});
