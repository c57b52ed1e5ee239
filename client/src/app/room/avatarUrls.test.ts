import { expect, it } from 'vitest';
import type { Participant, RoomMember, UserProfile } from '../../protocol';
import { avatarUrlsOf } from './avatarUrls';

const member = (userId: string, avatarUrl?: string) => ({ userId, avatarUrl }) as RoomMember;
const here = (userId: string, avatarUrl?: string) => ({ userId, avatarUrl }) as Participant;
const me = (avatarUrl?: string) => ({ userId: 'ann', avatarUrl }) as UserProfile;

it('shows members who are not here, and of who is here the picture of the day', () => {
  const members = [member('ann', 'a1'), member('ben', 'b1'), member('cem', 'c1'), member('dee')];
  const avatarUrls = avatarUrlsOf(
    members,
    [here('ann', 'a1'), here('ben', 'b2'), here('cem')],
    me('a2'),
  );
  expect([...avatarUrls]).toEqual([
    ['ann', 'a2'],
    ['ben', 'b2'],
  ]);
});

it('shows a member who is away', () => {
  expect([...avatarUrlsOf([member('ben', 'b1')], [], me())]).toEqual([['ben', 'b1']]);
});
