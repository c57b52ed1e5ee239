import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantilesOf } from './quantiles.ts';
import { cpuSeconds } from './scale/cpu.ts';
import { idIn, type Kind, loads } from './scale/load.ts';
import { parseOptions } from './scale/options.ts';
import { conclusions } from './scale/report.ts';
import { Samples } from './scale/samples.ts';

test('what was sent is known again by its id', () => {
  for (const kind of ['chat', 'cursor'] satisfies Kind[]) {
    const { event, payload } = loads[kind];
    const body = JSON.stringify([event, { seq: 7, message: payload('a room', 1234) }]);
    assert.equal(idIn(loads[kind], `42/rooms,${body}`), 1234);
    assert.ok(Number.isNaN(idIn(loads[kind], `42/rooms,["user:joined",${body}]`)));
  }
});

test('CPU time is read from the kernel, and grows with work', () => {
  const before = cpuSeconds(process.pid);
  const { user, system } = process.cpuUsage();
  assert.ok(Math.abs(before - (user + system) / 1e6) < 0.1);
  const until = performance.now() + 1000;
  while (performance.now() < until && cpuSeconds(process.pid) < before + 0.05);
  assert.ok(cpuSeconds(process.pid) >= before + 0.05);
});

test('many samples are thinned out, and their quantiles stay', () => {
  const samples = new Samples();
  for (let value = 0; value < 200_000; value++) samples.add(value);
  assert.ok(samples.values.length <= 20_000);
  const [half = NaN, most = NaN] = quantilesOf(samples.values, [0.5, 0.99]);
  assert.ok(Math.abs(half - 100_000) < 100 && Math.abs(most - 198_000) < 100);
});

test('coordination costs what it takes beyond an instance without Redis', () => {
  const counted = { sent: 10, delivered: 1000, refused: 0, lost: 0, ackMs: [], shownMs: [] };
  const rest = { cpuSeconds: 0.5, seconds: 1, database: 9, machine: 20 };
  const figures = (instances: number, redis: number) => {
    const both = { ...counted, ...rest, instances, redis };
    return { chat: both, cursor: both };
  };
  const [cost, ceiling] = conclusions([
    { name: 'alone', figures: figures(1, 0) },
    { name: 'joined', figures: figures(1.25, 0.25) },
  ]);
  assert.match(cost ?? '', /against alone: joined \+50 %/);
  assert.match(ceiling ?? '', /takes in 2,000 deliveries/);
});

test('options out of bounds are refused by name', () => {
  assert.throws(() => parseOptions(['--clients', '4', '--writers', '5']), /--writers/);
  assert.throws(() => parseOptions(['--workers', '9']), /--workers/);
  assert.throws(() => parseOptions(['--seconds', '0']), /--seconds/);
  assert.equal(parseOptions([]).instances, 3);
});
