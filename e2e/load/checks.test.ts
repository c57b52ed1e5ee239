import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkAcks,
  checkNumbering,
  checkOrder,
  checkStretch,
  checkWriter,
  type Faults,
  type Line,
  noFaults,
} from './checks.ts';

/** Room log positions have gaps where entries are not messages. */
const log: Line[] = [
  { seq: 2, id: 'a' },
  { seq: 3, id: 'b' },
  { seq: 5, id: 'c' },
  { seq: 6, id: 'd' },
];

function found(check: (faults: Faults) => void): Partial<Record<keyof Faults, number>> {
  const faults = noFaults();
  check(faults);
  const counts = Object.entries(faults).map(([kind, list]) => [kind, (list as string[]).length]);
  return Object.fromEntries(counts.filter(([, count]) => count !== 0)) as ReturnType<typeof found>;
}

const swapped = (lines: Line[], at: number): Line[] =>
  lines.toSpliced(at, 2, ...lines.slice(at, at + 2).reverse());

test('a good log has no faults', () => {
  assert.deepEqual(
    found((faults) => {
      checkOrder(log, 'log', faults);
      checkAcks(log, [...log, ...log], 'ack', faults);
      checkWriter(log, ['a', 'lost before its ack', 'c'], 'writer', faults);
      checkStretch(log, { after: 2, upTo: 6, seen: log.slice(1) }, 'reader', faults);
      checkStretch(log, { after: 3, upTo: 4, seen: [] }, 'reader', faults);
    }),
    {},
  );
});

test('an acknowledged entry that is lost is missing', () => {
  const lost = log.toSpliced(1, 1);
  assert.deepEqual(
    found((faults) => checkAcks(lost, [...log, ...log], 'ack', faults)),
    { missing: 1 },
  );
});

test('an ack that names another place is wrong', () => {
  const acks = [...log, { seq: 7, id: 'a' }];
  assert.deepEqual(
    found((faults) => checkAcks(log, acks, 'ack', faults)),
    { wrong: 1 },
  );
});

test('an entry stored twice is doubled', () => {
  const twice = [...log, { seq: 7, id: 'b' }];
  assert.deepEqual(
    found((faults) => checkOrder(twice, 'log', faults)),
    { doubled: 1 },
  );
  const twins = [...log, { seq: 6, id: 'e' }];
  assert.deepEqual(
    found((faults) => checkOrder(twins, 'log', faults)),
    { doubled: 1 },
  );
});

test('two swapped entries are an inversion', () => {
  assert.deepEqual(
    found((faults) => checkOrder(swapped(log, 1), 'log', faults)),
    { inversions: 1 },
  );
});

test('entries of one writer against the order sent are an inversion', () => {
  assert.deepEqual(
    found((faults) => checkWriter(log, ['a', 'c', 'b', 'd'], 'writer', faults)),
    { inversions: 1 },
  );
});

test('a reader who misses an entry has a hole, also at the end', () => {
  const stretch = { after: 0, upTo: 6, seen: log.toSpliced(2, 1) };
  assert.deepEqual(
    found((faults) => checkStretch(log, stretch, 'reader', faults)),
    { holes: 1 },
  );
  const early = { after: 0, upTo: 6, seen: log.slice(0, 3) };
  assert.deepEqual(
    found((faults) => checkStretch(log, early, 'reader', faults)),
    { holes: 1 },
  );
});

test('what a reader wrote itself need not be shown to it, and not twice either', () => {
  const own = new Set(['c']);
  const others = { after: 0, upTo: 6, seen: log.toSpliced(2, 1) };
  assert.deepEqual(
    found((faults) => checkStretch(log, others, 'reader', faults, own)),
    {},
  );
  const twice = { after: 0, upTo: 6, seen: log.toSpliced(2, 0, { seq: 5, id: 'c' }) };
  assert.deepEqual(
    found((faults) => checkStretch(log, twice, 'reader', faults, own)),
    { doubled: 1 },
  );
});

test('a reader who sees an entry twice, or two swapped, is noticed', () => {
  const twice = { after: 0, upTo: 6, seen: log.toSpliced(1, 0, { seq: 2, id: 'a' }) };
  assert.deepEqual(
    found((faults) => checkStretch(log, twice, 'reader', faults)),
    { doubled: 1 },
  );
  const turned = { after: 0, upTo: 6, seen: swapped(log, 2) };
  assert.deepEqual(
    found((faults) => checkStretch(log, turned, 'reader', faults)),
    { inversions: 1 },
  );
});

test('a reader who was shown what the log does not have is noticed', () => {
  const ghost = { after: 0, upTo: 7, seen: [...log, { seq: 7, id: 'lost in a crash' }] };
  assert.deepEqual(
    found((faults) => checkStretch(log, ghost, 'reader', faults)),
    { wrong: 1 },
  );
  const other = { after: 0, upTo: 6, seen: log.with(3, { seq: 6, id: 'e' }) };
  assert.deepEqual(
    found((faults) => checkStretch(log, other, 'reader', faults)),
    { wrong: 1 },
  );
});

test('a board log that skips a number, or has more entries than elements, is wrong', () => {
  const board = ['a', 'b', 'c'].map((id, index) => ({ seq: index + 1, id }));
  assert.deepEqual(
    found((faults) => checkNumbering(board, 3, 'board', faults)),
    {},
  );
  assert.deepEqual(
    found((faults) => checkNumbering(board, 4, 'board', faults)),
    { wrong: 1 },
  );
  assert.deepEqual(
    found((faults) => checkNumbering(board.toSpliced(1, 1), 2, 'board', faults)),
    { wrong: 1 },
  );
});
