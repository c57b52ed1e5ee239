import { expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { PresenceState } from '../../features/presence';
import type { Participant } from '../../protocol';
import { followOwnDevices } from './ownDevices';

const device = (socketId: string, name: string, avatarUrl?: string, userId = 'ann') =>
  ({ socketId, userId, name, ...(avatarUrl ? { avatarUrl } : {}) }) as Participant;

it('tells when another device of the same person has another name or picture, once each', () => {
  const store = createStore<Pick<PresenceState, 'participants' | 'you'>>(() => ({
    participants: [],
    you: 's1',
  }));
  const changed = vi.fn();
  followOwnDevices(store as never, 'ann', changed);
  const are = (...participants: Participant[]) => store.setState({ participants });
  are(device('s1', 'Ann'), device('s9', 'Bob', undefined, 'bob'));
  are(device('s1', 'Anna', '/p/1'), device('s9', 'Bobby', '/p/9', 'bob'));
  expect(changed).not.toHaveBeenCalled();
  are(device('s1', 'Ann'), device('s2', 'Ann'));
  expect(changed).toHaveBeenCalledTimes(1);
  are(device('s1', 'Ann'), device('s2', 'Anna'));
  expect(changed).toHaveBeenCalledTimes(2);
  are(device('s1', 'Anna'), device('s2', 'Anna', '/p/1'));
  are(device('s1', 'Anna', '/p/1'), device('s2', 'Anna', '/p/1'));
  expect(changed).toHaveBeenCalledTimes(3);
});
