import { expect, it } from 'vitest';
import { everyoneKnown, senderBadgesOf } from './people';

it('names each once, as they are called today', () => {
  const here = [{ userId: 'b', name: 'Benny' }] as never[];
  const members = [
    { userId: 'b', name: 'Benjamin' },
    { userId: 'a', name: 'Ann' },
  ] as never[];
  expect(everyoneKnown(here, members)).toEqual([
    { userId: 'a', name: 'Ann' },
    { userId: 'b', name: 'Benny' },
  ]);
});

it('tells who keeps order from who only has such a name', () => {
  const here = [
    { userId: 'eve', name: 'Аnn', role: 'member', resemblesModerator: true },
    { userId: 'ben', name: 'Ben', role: 'member' },
  ] as never[];
  const members = [{ userId: 'ann', name: 'Ann', role: 'owner' }] as never[];
  expect([...senderBadgesOf(here, members)]).toEqual([
    ['eve', 'resemblesModerator'],
    ['ann', 'owner'],
  ]);
});
