import { createContext } from 'react';
import type { UserId } from '../../protocol';

/** What is shown beside a sender's name, since anyone may take any name. */
export type SenderBadge = 'owner' | 'mod' | 'resemblesModerator';

/** Provided by the room page, which knows its people. */
export const SenderBadgesContext = createContext<ReadonlyMap<UserId, SenderBadge>>(new Map());

export const badgeLabels: Record<SenderBadge, string> = {
  owner: 'Owner',
  mod: 'Moderator',
  resemblesModerator: 'Not the moderator of this name',
};
