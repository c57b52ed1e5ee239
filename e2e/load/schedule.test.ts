import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions } from './options.ts';
import { plan } from './schedule.ts';

test('the same seed gives the same schedule, another seed another', () => {
  assert.deepEqual(plan(7, 20, 'embedded'), plan(7, 20, 'embedded'));
  assert.notDeepEqual(plan(7, 20, 'embedded'), plan(8, 20, 'embedded'));
});

test('every load and every death is within its bounds', () => {
  for (const round of plan(3, 500, 'embedded')) {
    assert.equal(round.victim, 'server');
    assert.ok(round.loadMs >= 300 && round.loadMs <= 1500);
    assert.ok(round.deadMs >= 0 && round.deadMs <= 300);
  }
});

test('on MongoDB every other kill hits the database', () => {
  const victims = plan(3, 4, 'mongodb').map((round) => round.victim);
  assert.deepEqual(victims, ['server', 'database', 'server', 'database']);
});

test('options out of bounds are refused by name', () => {
  assert.throws(() => parseOptions(['--rounds', '0']), /--rounds/);
  assert.throws(() => parseOptions(['--writers', '1e3']), /--writers/);
  assert.throws(() => parseOptions(['--store', 'paper']), /--store/);
  const { rounds, writers, store } = parseOptions([]);
  assert.deepEqual({ rounds, writers, store }, { rounds: 20, writers: 16, store: 'embedded' });
});
