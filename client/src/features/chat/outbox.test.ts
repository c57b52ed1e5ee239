import { describe, expect, it } from 'vitest';
import { failed, nextUnsent, put, revived, without, type Outbox } from './outbox';

const unsent = (eventId: string) => ({ eventId, text: eventId, at: 1 });
const box: Outbox = [unsent('a'), unsent('b')];

describe('the outbox', () => {
  it('gives out the oldest, one at a time', () => {
    expect(nextUnsent(box)?.eventId).toBe('a');
    expect(nextUnsent(without(box, 'a'))?.eventId).toBe('b');
    expect(nextUnsent([])).toBeUndefined();
  });

  it('passes over what was refused', () => {
    expect(nextUnsent(failed(box, 'a', 'no'))?.eventId).toBe('b');
  });

  it('puts what is tried again last, without its failure, under the same id', () => {
    expect(revived(failed(box, 'a', 'no'), 'a')).toEqual([unsent('b'), unsent('a')]);
    expect(revived(box, 'x')).toBe(box);
  });

  it('stays the same object when there is nothing to take out', () => {
    expect(without(box, 'x')).toBe(box);
    expect(put(box, unsent('c'))).toHaveLength(3);
  });
});
