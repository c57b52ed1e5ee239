import { createContext } from 'react';
import type { UserId } from '../../protocol';

/** What others must know of who wrote, beside a name that anyone may take. */
export type Sender = 'owner' | 'mod' | 'resemblesModerator';

/** Told by who knows the people of the room. */
export const SendersContext = createContext<ReadonlyMap<UserId, Sender>>(new Map());

export const senderNames: Record<Sender, string> = {
  owner: 'Owner',
  mod: 'Moderator',
  resemblesModerator: 'Not the moderator of this name',
};
