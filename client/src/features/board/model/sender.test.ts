import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BoardOp } from '../../../protocol';
import type { Batch } from './batches';
import type { Journal } from './journal';
import { Replica } from './replica';
import { createSender, type Refusal } from './sender';

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super();
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const stroke = (id: string): BoardOp => ({
  type: 'stroke',
  id,
  points: [[1, 1]],
  color: '#000',
  width: 2,
});

function setup(kept: Batch[] = []) {
  let ids = 0;
  const journaled = new Map(kept.map((batch) => [batch.opId, batch]));
  const journal: Journal = {
    load: () => Promise.resolve(kept),
    add: (batches) => batches.forEach((batch) => journaled.set(batch.opId, batch)),
    remove: (opId) => void journaled.delete(opId),
    close: () => undefined,
  };
  const replica = new Replica(
    'me',
    () => `op${ids++}`,
    () => undefined,
  );
  const posted: Batch[] = [];
  const answers: ((answer: { seq: number } | Refusal) => void)[] = [];
  const sender = createSender(
    replica,
    journal,
    (batch) => {
      posted.push(batch);
      return new Promise((resolve, reject) =>
        answers.push((answer) => ('seq' in answer ? resolve(answer) : reject(new Refused(answer)))),
      );
    },
    (error) => (error as Refused).refusal,
  );
  const draw = (id: string) => {
    replica.draw([stroke(id)]);
    sender.wake();
  };
  const answer = async (it: { seq: number } | Refusal) => {
    answers.shift()!(it);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { sender, replica, journaled, posted, draw, answer };
}

const idsOf = (batch: Batch | undefined) => batch?.ops.map((op) => ('id' in op ? op.id : op.type));

test('what is drawn while a batch is under way goes together in the next', async () => {
  const { sender, posted, draw, answer } = setup();
  sender.online(true);
  await vi.advanceTimersByTimeAsync(0);
  draw('a');
  await vi.advanceTimersByTimeAsync(0);
  draw('b');
  draw('c');
  await vi.advanceTimersByTimeAsync(200);
  expect(posted.map(idsOf)).toEqual([['a']]);
  await answer({ seq: 1 });
  await vi.advanceTimersByTimeAsync(50);
  expect(posted.map(idsOf)).toEqual([['a'], ['b', 'c']]);
});

test('offline strokes are journalled, and sent in order after the join', async () => {
  const { sender, journaled, posted, draw, answer, replica } = setup([
    { opId: 'before', ops: [stroke('x')] },
  ]);
  draw('a');
  await vi.advanceTimersByTimeAsync(600);
  draw('b');
  await vi.advanceTimersByTimeAsync(600);
  expect(posted).toHaveLength(0);
  expect([...journaled.values()].map(idsOf)).toEqual([['x'], ['a'], ['b']]);
  sender.online(true);
  for (let seq = 1; seq <= 3; seq++) {
    await vi.advanceTimersByTimeAsync(60);
    await answer({ seq });
  }
  expect(posted.map(idsOf)).toEqual([['x'], ['a'], ['b']]);
  expect(journaled.size).toBe(0);
  expect(replica.unsaved).toBe(0);
});

test('an unanswered batch is sent again under the same id', async () => {
  const { sender, posted, draw, answer } = setup();
  sender.online(true);
  await vi.advanceTimersByTimeAsync(0);
  draw('a');
  await vi.advanceTimersByTimeAsync(0);
  await answer({ kind: 'unknown' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(posted).toHaveLength(2);
  expect(posted[1]).toBe(posted[0]);
});

test('a batch refused for now waits as long as the server says; one refused for good goes', async () => {
  const { sender, posted, journaled, draw, answer, replica } = setup();
  sender.online(true);
  await vi.advanceTimersByTimeAsync(0);
  draw('a');
  await vi.advanceTimersByTimeAsync(0);
  await answer({ kind: 'later', afterMs: 3_000 });
  await vi.advanceTimersByTimeAsync(2_900);
  expect(posted).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(posted).toHaveLength(2);
  await answer({ kind: 'never' });
  expect(journaled.size).toBe(0);
  expect(replica.get('a')).toBeUndefined();
});
