import { describe, expect, it } from 'vitest';
import type { Participant } from '../../protocol';
import { absentOf, fold, effectiveMedia, sortedForList } from './participants';

const person = (name: string, more: Partial<Participant> = {}): Participant => ({
  socketId: `s-${name}`,
  userId: `u-${name}`,
  name,
  role: 'member',
  joinedAt: 0,
  media: { audio: false, video: false, screen: false },
  handRaised: false,
  muted: [],
  ...more,
});
const joined = (user: Participant) =>
  ({ event: 'user:joined', roomId: 'r', socketId: user.socketId, user }) as const;
const updated = (user: Participant) =>
  ({ event: 'user:updated', roomId: 'r', socketId: user.socketId, user }) as const;
const left = (user: Participant) =>
  ({
    event: 'user:left',
    roomId: 'r',
    socketId: user.socketId,
    userId: user.userId,
    reason: 'left',
  }) as const;

describe('who is in the room', () => {
  const ann = person('Ann');
  const ben = person('Ben');

  it('is what the state says, whatever was before', () => {
    expect(fold([ann], { event: 'state', participants: [ben] })).toEqual([ben]);
  });

  it('keeps the order of coming, and one entry a socket', () => {
    const twice = fold(fold([ann], joined(ben)), joined(ben));
    expect(twice.map((p) => p.name)).toEqual(['Ann', 'Ben']);
  });

  it('takes an update in place, and none for someone who left', () => {
    const unmuted = person('Ann', { media: { audio: true, video: false, screen: false } });
    expect(fold([ann, ben], updated(unmuted))[0]?.media.audio).toBe(true);
    expect(fold([ben], updated(unmuted))).toEqual([ben]);
  });

  it('loses one socket of a user who has two', () => {
    const second = person('Ann', { socketId: 's-2' });
    expect(fold([ann, second], left(ann))).toEqual([second]);
  });
});

describe('the list', () => {
  it('puts oneself first, then the roles, then the names', () => {
    const people = [
      person('Zoe', { role: 'guest' }),
      person('Cem'),
      person('Bo'),
      person('Me', { role: 'guest' }),
      person('Own', { role: 'owner' }),
    ];
    expect(sortedForList(people, 's-Me').map((p) => p.name)).toEqual([
      'Me',
      'Own',
      'Bo',
      'Cem',
      'Zoe',
    ]);
  });
});

it('knows which members are not here', () => {
  const member = (name: string) => ({
    userId: `u-${name}`,
    name,
    role: 'member' as const,
    joinedAt: 0,
  });
  const absent = absentOf([member('Cem'), member('Ann'), member('Ben')], [person('Ann')]);
  expect(absent.map(({ name }) => name)).toEqual(['Ben', 'Cem']);
});

it('does not believe that a muted person is heard', () => {
  const media = { audio: true, video: true, screen: false };
  expect(effectiveMedia(person('Ann', { media, muted: ['audio'] }))).toEqual({
    ...media,
    audio: false,
  });
});
