// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';
import { forgetDrafts, draftStore } from './drafts';

beforeEach(() => localStorage.clear());

it('keeps what was written apart, by person and place', () => {
  const drafts = draftStore('ann', 'r1');
  drafts.write('draft', 'hello');
  drafts.write('task', 'a title');
  expect(draftStore('ann', 'r1').read('draft')).toBe('hello');
  expect(draftStore('ann', 'r1').names().sort()).toEqual(['draft', 'task']);
  expect(draftStore('ann', 'r2').names()).toEqual([]);
  expect(draftStore('ben', 'r1').read('draft')).toBeNull();
  drafts.write('draft', null);
  expect(drafts.names()).toEqual(['task']);
});

it('forgets who signs out, and no one else', () => {
  draftStore('ann', 'r1').write('draft', 'hello');
  draftStore('anna', 'r1').write('draft', 'hello');
  forgetDrafts('ann');
  expect(draftStore('ann', 'r1').names()).toEqual([]);
  expect(draftStore('anna', 'r1').names()).toEqual(['draft']);
});
