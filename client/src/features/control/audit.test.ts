import { expect, it } from 'vitest';
import type { AuditEntry } from '../../protocol';
import { entryInWords } from './audit';

const said = (type: string, payload: Record<string, unknown> = {}) => {
  const entry: AuditEntry = { seq: 1, type, userId: 'ann', name: 'Ann', timestamp: 0, payload };
  return entryInWords(entry, (id) => (id === 'ben' ? 'Ben' : 'someone'));
};

it.each([
  ['joined', {}, 'came in'],
  ['left', { reason: 'lost' }, 'lost the connection'],
  ['left', { reason: 'kicked' }, 'had to go'],
  ['deleted', { messageId: 'm' }, 'deleted a message'],
  ['pinned', { on: true }, 'pinned a message'],
  ['pinned', { on: false }, 'unpinned a message'],
  ['muted', { target: 'ben', kind: 'audio', on: true }, 'turned Ben’s microphone off'],
  ['muted', { target: 'ann', kind: 'video', on: false }, 'gave their own camera back'],
  ['kicked', { target: 'ben', ban: true, reason: 'spam' }, 'banned Ben: “spam”'],
  ['kicked', { target: 'ben', ban: false }, 'removed Ben'],
  ['unbanned', { target: 'x' }, 'lifted the ban of someone'],
  ['role', { target: 'ben', role: 'mod' }, 'made Ben a moderator'],
  ['settings', {}, 'changed the settings'],
  ['admitted', { target: 'ben', admit: true }, 'let Ben in'],
  ['admitted', { target: 'ben', admit: false }, 'turned Ben away'],
  ['saved', { title: 'Tuesday' }, 'saved the board as “Tuesday”'],
  ['saved', {}, 'saved the board'],
  ['brand-new', {}, 'brand-new'],
])('%s %j', (type, payload, words) => expect(said(type, payload)).toBe(words));
