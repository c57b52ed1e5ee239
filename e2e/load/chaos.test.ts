import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoardCopy, hashOf } from './chaos/board-copy.ts';
import { flag, opsOf, textOf } from './chaos/content.ts';
import { counter } from './chaos/metrics.ts';
import { parseOptions } from './chaos/options.ts';
import { spread } from './chaos/report.ts';
import { kinds, plan } from './chaos/schedule.ts';

const size = { seed: 7, faults: 22, seconds: 600, instances: 3 };

test('the same seed gives the same faults, another seed others', () => {
  assert.deepEqual(plan(size), plan(size));
  assert.notDeepEqual(plan(size), plan({ ...size, seed: 8 }));
});

test('six faults hit every part, and as many as are asked for every kind', () => {
  for (let seed = 0; seed < 50; seed++) {
    const parts = plan({ ...size, seed, faults: 6 }).map(({ kind }) => kind.split(' ')[0]);
    assert.deepEqual(new Set(parts), new Set(['instance', 'redis', 'database', 'balancer']));
    assert.deepEqual(new Set(plan({ ...size, seed }).map(({ kind }) => kind)), new Set(kinds));
  }
});

test('faults come in order, within the time, and on instances that are there', () => {
  const faults = plan(size);
  assert.equal(faults.length, 22);
  for (const [index, fault] of faults.entries()) {
    assert.ok(fault.atMs > (faults[index - 1]?.atMs ?? 0) && fault.atMs < 600_000);
    assert.ok(fault.instance >= 0 && fault.instance < 3);
    if (fault.kind === 'redis pause') assert.equal(fault.holdMs, 5000);
  }
});

test('options out of bounds are refused by name', () => {
  assert.throws(() => parseOptions(['--clients', '10', '--rooms', '11']), /--rooms/);
  assert.throws(() => parseOptions(['--seconds', '900']), /--seconds/);
  const { instances, clients, rooms, faults } = parseOptions([]);
  assert.deepEqual([instances, clients, rooms, faults], [3, 300, 30, 20]);
});

const entry = (seq: number, id: string) => ({ seq, by: 'ann', ops: opsOf(id) });

test('a board is the same however its entries were learnt, and another in another order', () => {
  const start = { seq: 1, by: 'ann', ops: [flag] };
  const shown = new BoardCopy();
  for (const one of [start, entry(2, 'a'), entry(3, 'b')]) shown.update(one);
  // The ack of the second comes after the third was shown.
  const drawn = new BoardCopy();
  for (const one of [start, entry(3, 'b')]) drawn.update(one);
  assert.equal(drawn.seq, 1);
  drawn.acked('ann', 2, opsOf('a'));
  assert.deepEqual([drawn.seq, drawn.hash()], [3, shown.hash()]);
  const swapped = new BoardCopy();
  for (const one of [start, entry(2, 'b'), entry(3, 'a')]) swapped.update(one);
  assert.notEqual(swapped.hash(), shown.hash());
});

test('a snapshot replaces a board, and what is left out is not made up', () => {
  const copy = new BoardCopy();
  copy.update(entry(1, 'a'));
  copy.snapshot({ roomId: 'r', seq: 4, elements: [], part: 1, parts: 1 });
  copy.update(entry(6, 'c'));
  assert.deepEqual([copy.seq, copy.hash()], [4, hashOf([])]);
});

test('contents follow from ids and differ by them', () => {
  assert.equal(textOf('a-1'), textOf('a-1'));
  assert.notDeepEqual(opsOf('a-1'), opsOf('a-2'));
});

test('a counter is summed over its labels, and one that is absent is not zero', () => {
  const text = '# TYPE gaps counter\ngaps{log="room"} 2\ngaps{log="board"} 3\ngaps_more 9\n';
  assert.equal(counter(text, 'gaps'), 5);
  assert.equal(counter(text, 'nothing'), undefined);
});

test('quantiles are of the values there are', () => {
  assert.equal(spread([30, 10, 20, 40], [0.5, 1]), '20 / 40');
});
