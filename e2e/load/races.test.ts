import assert from 'node:assert/strict';
import { test } from 'node:test';
import { races } from './races/index.ts';
import { parseOptions } from './races/options.ts';
import { found } from './races/race.ts';
import { report, Tally } from './races/tally.ts';

function tallied(rounds: number): Tally {
  const tally = new Tally('a race');
  for (let n = 0; n < rounds; n++) tally.add({ outcome: 'one first' });
  return tally;
}

test('rounds without a fault are well, one fault in a thousand is not', () => {
  const good = tallied(1_000);
  assert.ok(good.isWell(1_000));
  const bad = tallied(999);
  bad.add({ outcome: 'one first', fault: 'two owners' });
  assert.ok(!bad.isWell(1_000));
  assert.ok(!report([good, bad], 1_000));
  assert.ok(report([good, tallied(1_000)], 1_000));
});

test('rounds that were not run prove nothing', () => {
  assert.ok(!tallied(999).isWell(1_000));
  const broken = tallied(1_000);
  broken.broken.push('nobody came');
  assert.ok(!broken.isWell(1_000));
  assert.ok(!report([], 0));
});

test('the first of what is wrong is told, and none where nothing is', () => {
  assert.deepEqual(found('both', [undefined, 'two owners', 'late']), {
    outcome: 'both',
    fault: 'two owners',
  });
  assert.deepEqual(found('both', [undefined]), { outcome: 'both' });
});

test('races have names of their own', () =>
  assert.equal(new Set(races.map(({ name }) => name)).size, races.length));

test('options out of bounds are refused by name', () => {
  assert.throws(() => parseOptions(['--rounds', '0']), /--rounds/);
  assert.throws(() => parseOptions(['--instances', '9']), /--instances/);
  assert.equal(parseOptions([]).rounds, 1_000);
});
