import { expect, it } from 'vitest';
import type { Role, Room, You } from '../../protocol';
import { mayModerate, mayRank } from './permission';

const roles: Role[] = ['guest', 'member', 'mod', 'owner'];
const you = (role: Role) => ({ userId: 'me', role }) as You;
const group = { kind: 'group' } as Room;
const table = (may: typeof mayModerate) =>
  roles.map((mine) =>
    roles.map((role) => Number(may(you(mine), group, { userId: 'x', role }))).join(''),
  );

it('moderates downwards and among equals', () => {
  expect(table(mayModerate)).toEqual(['0000', '0000', '1110', '1111']);
});

it('leaves roles to the owner, and guests without one', () => {
  expect(table(mayRank)).toEqual(['0000', '0000', '0000', '0111']);
});

it('offers nothing against oneself, in a direct room, or before the room is known', () => {
  const other = { userId: 'x', role: 'member' } as const;
  expect(mayModerate(you('owner'), group, { userId: 'me', role: 'owner' })).toBe(false);
  expect(mayModerate(you('owner'), { kind: 'direct' } as Room, other)).toBe(false);
  expect(mayModerate(null, null, other)).toBe(false);
});
