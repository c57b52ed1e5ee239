// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { draftStore } from '../../connection';
import { failed, nextUnsent, outboxStore, put, requeued, without, type Outbox } from './outbox';

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
    expect(requeued(failed(box, 'a', 'no'), 'a')).toEqual([unsent('b'), unsent('a')]);
    expect(requeued(box, 'x')).toBe(box);
  });

  it('stays the same object when there is nothing to take out', () => {
    expect(without(box, 'x')).toBe(box);
    expect(put(box, unsent('c'))).toHaveLength(3);
  });
});

describe('its store', () => {
  const open = () => outboxStore(draftStore('ann', 'r1'));
  beforeEach(() => localStorage.clear());

  it('has what was said when the tab was closed, in order', () => {
    const store = open();
    store.save([{ ...unsent('b'), at: 2 }]);
    store.save([{ ...unsent('b'), at: 2 }, unsent('a')]);
    expect(open().load()).toEqual([unsent('a'), { ...unsent('b'), at: 2 }]);
  });

  it('has nothing any more of what arrived or was discarded', () => {
    const store = open();
    store.save(box);
    store.save(without(box, 'a'));
    expect(open().load()).toEqual([unsent('b')]);
  });

  it('leaves what another tab wrote', () => {
    const [one, other] = [open(), open()];
    one.save([unsent('a')]);
    other.save([unsent('b')]);
    one.save([]);
    expect(open().load()).toEqual([unsent('b')]);
  });

  it('takes nothing that is not its own', () => {
    localStorage.setItem('typed.ann.r1.unsent.x', '{"text":1}');
    localStorage.setItem('typed.ann.r1.unsent.y', 'no json');
    expect(open().load()).toEqual([]);
  });
});
