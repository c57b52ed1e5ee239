import type { Role, Room, UserId, You } from '../../protocol';

const rank: Record<Role, number> = { guest: 0, member: 1, mod: 2, owner: 3 };

interface Target {
  userId: UserId;
  role: Role;
}

/** Whether to offer muting and removing; the server decides. Never oneself, nor a higher role. */
export function mayModerate(you: You | null, room: Room | null, target: Target): boolean {
  if (!you || room?.kind !== 'group' || you.userId === target.userId) return false;
  return rank[you.role] >= rank.mod && rank[target.role] <= rank[you.role];
}

/** Whether to offer another role. Guests have no account that could keep one. */
export function mayRank(you: You | null, room: Room | null, target: Target): boolean {
  if (!you || room?.kind !== 'group' || you.userId === target.userId) return false;
  return you.role === 'owner' && target.role !== 'guest';
}

export const roleNames: Record<Role, string> = {
  owner: 'Owner',
  mod: 'Moderator',
  member: 'Member',
  guest: 'Guest',
};
