import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import type { Batch } from './batches';
import { openJournal } from './journal';

const batch = (opId: string): Batch => ({ opId, ops: [{ type: 'clear' }] });

test('what was not acknowledged is there again, in order, for the same room and person only', async () => {
  const before = openJournal('room', 'me');
  before.add([batch('a'), batch('b')]);
  before.add([batch('c')]);
  before.remove('b');
  await before.load();
  before.close();

  const after = openJournal('room', 'me');
  await vi.waitFor(async () => expect(await after.load()).toEqual([batch('a'), batch('c')]));
  after.remove('a');
  await vi.waitFor(async () => expect(await after.load()).toEqual([batch('c')]));
  expect(await openJournal('room', 'someone').load()).toEqual([]);
  expect(await openJournal('elsewhere', 'me').load()).toEqual([]);
});
