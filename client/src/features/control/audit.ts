import type { AuditEntry, UserId } from '../../protocol';
import { isolated } from '../../ui';

const kinds: Record<string, string> = {
  audio: 'microphone',
  video: 'camera',
  screen: 'shared screen',
};
const roles: Record<string, string> = {
  owner: 'the owner',
  mod: 'a moderator',
  member: 'a member',
  guest: 'a guest',
};

/** What was done, after the name of who did it. */
export function entryInWords(entry: AuditEntry, nameOf: (userId: UserId) => string): string {
  const { payload } = entry;
  const text = (key: string) => {
    const value = payload[key];
    return typeof value === 'string' ? value : '';
  };
  const target = text('target');
  const whom = target === entry.userId ? 'themselves' : isolated(nameOf(target));
  const because = text('reason') === '' ? '' : `: “${isolated(text('reason'))}”`;
  switch (entry.type) {
    case 'joined':
      return 'came in';
    case 'left':
      if (text('reason') === 'lost') return 'lost the connection';
      return text('reason') === 'kicked' ? 'had to go' : 'left';
    case 'deleted':
      return 'deleted a message';
    case 'pinned':
      return payload.on === false ? 'unpinned a message' : 'pinned a message';
    case 'muted': {
      const what = kinds[text('kind')] ?? 'microphone';
      const whose = target === entry.userId ? 'their own' : `${isolated(nameOf(target))}’s`;
      return payload.on === false ? `gave ${whose} ${what} back` : `turned ${whose} ${what} off`;
    }
    case 'kicked':
      return payload.ban === true ? `banned ${whom}${because}` : `removed ${whom}${because}`;
    case 'unbanned':
      return `lifted the ban of ${whom}`;
    case 'role':
      return `made ${whom} ${roles[text('role')] ?? text('role')}`;
    case 'settings':
      return 'changed the settings';
    case 'admitted':
      return payload.admit === false ? `turned ${whom} away` : `let ${whom} in`;
    case 'resigned':
      return 'left for good';
    case 'guestsRemoved':
      return `removed all guests${because}`;
    case 'codeRenewed':
      return 'gave the room a new link';
    case 'saved':
      return text('title') === ''
        ? 'saved the board'
        : `saved the board as “${isolated(text('title'))}”`;
    default:
      return entry.type;
  }
}
