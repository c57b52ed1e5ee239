import fc from 'fast-check';
import { expect, test } from 'vitest';
import { focusOf, nextSpeaker, pageOf } from './focus';

const people = (...sharing: string[]) =>
  ['ann', 'ben', 'cid'].map((socketId) => ({ socketId, sharing: sharing.includes(socketId) }));
const base = { others: people(), pinned: undefined, view: 'grid', speaker: undefined } as const;

test('a pin outranks a screen, and a screen the spotlight', () => {
  const pinned = { socketId: 'ann', picture: 'camera' } as const;
  const others = people('ben');
  expect(focusOf({ ...base, others, pinned })).toEqual(pinned);
  expect(focusOf({ ...base, others, view: 'spotlight', speaker: 'cid' })).toEqual({
    socketId: 'ben',
    picture: 'screen',
  });
  expect(focusOf({ ...base, view: 'spotlight', speaker: 'cid' })?.socketId).toBe('cid');
  expect(focusOf({ ...base, view: 'spotlight' })?.socketId).toBe('ann');
  expect(focusOf(base)).toBeUndefined();
});

test('a pin of someone who left, or of a screen no longer shared, is none', () => {
  expect(focusOf({ ...base, pinned: { socketId: 'eve', picture: 'camera' } })).toBeUndefined();
  expect(focusOf({ ...base, pinned: { socketId: 'ann', picture: 'screen' } })).toBeUndefined();
});

test('the spotlight waits for a pause, and never falls on oneself', () => {
  expect(nextSpeaker('ann', new Set(['ben', 'ann']), 'me')).toBe('ann');
  expect(nextSpeaker('ann', new Set(['me', 'ben']), 'me')).toBe('ben');
  expect(nextSpeaker('ann', new Set(['me']), 'me')).toBe('ann');
});

test('every tile is on exactly one page', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (all, perPage) => {
        const { pages } = pageOf(all, perPage, 0);
        const seen = Array.from({ length: pages }).flatMap((_, n) => pageOf(all, perPage, n).shown);
        expect(seen).toEqual(all);
        expect(pageOf(all, perPage, 99).page).toBe(pages - 1);
      },
    ),
  );
});
