import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noFaults } from './checks.ts';
import { atRate } from './hostile/at-rate.ts';
import { noLatencies } from './hostile/honest.ts';
import { attackNames } from './hostile/attacks/index.ts';
import { parseOptions } from './hostile/options.ts';
import { phasesOf, schedule } from './hostile/schedule.ts';
import { bounds, type Results, faultsOf, type Measured } from './hostile/verdict.ts';
import { isWell } from './summary.ts';

const latencies = (ms: number): number[] => Array.from({ length: 200 }, () => ms);

function met(ms: number): Measured {
  const each = () => ({ chatAck: latencies(ms), boardAck: latencies(ms), shown: latencies(ms) });
  const arrivals = { signIn: latencies(ms), join: latencies(ms) };
  return { attacked: each(), others: each(), arrivals };
}

const sample = (peakMb: number) => ({
  residentMb: peakMb,
  peakMb,
  descriptors: 50,
  database: 1,
  journal: 1,
  files: 0,
});

/** A run in which all is well. */
function goodRun(): Results {
  return {
    minutes: 10,
    slack: 1,
    idle: sample(40),
    samples: [sample(60), sample(40 + bounds.memoryMb), sample(90)],
    before: met(20),
    during: met(150),
    refused: 0,
    disconnects: 0,
    faults: noFaults(),
    strange: [],
    counts: {
      events: { joinRoom: 5 },
      routes: { 'GET /api/me': 3 },
      outcomes: {},
      others: {},
      connections: 9,
      sentMb: 100,
    },
    events: ['joinRoom'],
    routes: ['GET /api/me'],
    restartMs: 300,
    joinMs: [200, 1_900],
  };
}

const found = (results: Results) => Object.values(faultsOf(results)).flat().join('; ');

/** Changes a good run, and tells what is then said of it. */
function worsened(change: (results: Results) => void): string {
  const results = goodRun();
  change(results);
  assert.equal(isWell(faultsOf(results)), found(results) === '');
  return found(results);
}

test('a run in which all bounds are kept is well', () => assert.equal(found(goodRun()), ''));

test('memory above the bound fails, however short it was', () => {
  const peak = (mb: number) => worsened(({ samples }) => samples.splice(1, 1, sample(mb)));
  assert.equal(peak(40 + bounds.memoryMb), '');
  assert.match(peak(41 + bounds.memoryMb), /^513 MiB above the 40 MiB/);
});

test('a peak between two looks counts, for the system keeps it', () => {
  const between = { ...sample(60), peakMb: 900 };
  assert.match(
    worsened(({ samples }) => samples.push(between)),
    /^860 MiB above/,
  );
});

for (const room of ['attacked', 'others'] as const) {
  for (const kind of ['chatAck', 'shown'] as const) {
    test(`${kind} in ${room}: two slow ones of two hundred are within p99, three are not`, () => {
      const slow = (count: number) =>
        worsened(({ during }) =>
          during[room][kind].splice(0, count, ...latencies(900).slice(0, count)),
        );
      assert.equal(slow(2), '');
      assert.match(slow(3), /p99 900 ms, without guests 20 ms/);
    });
    test(`${kind} in ${room}: as slow as three times without guests is well`, () => {
      const ratio = (now: number) =>
        worsened(({ before, during }) => {
          before[room][kind] = latencies(300);
          during[room][kind] = latencies(now);
        });
      assert.equal(ratio(899), '');
      assert.match(ratio(901), /p99 901 ms, without guests 300 ms/);
    });
  }
}

test('the bounds of time are stretched for a program that is not optimised, that of memory is not', () => {
  const stretched = (change: (run: Results) => void) =>
    worsened((run) => {
      run.slack = 10;
      change(run);
    });
  assert.equal(
    stretched(({ during }) => (during.attacked.chatAck = latencies(1_900))),
    '',
  );
  assert.match(
    stretched(({ during }) => (during.attacked.chatAck = latencies(2_100))),
    /p99 2100 ms/,
  );
  assert.match(
    stretched(({ joinMs }) => joinMs.push(20_000)),
    /first join/,
  );
  assert.match(
    stretched(({ samples }) => samples.push(sample(900))),
    /860 MiB/,
  );
});

test('who was hardly measured proves nothing', () => {
  assert.match(
    worsened(({ during }) => (during.attacked = noLatencies())),
    /ack in the attacked room: measured 200 times without guests, 0 with them/,
  );
});

test('honest people who are kept out fail it', () => {
  assert.match(
    worsened(({ during }) => (during.arrivals.signIn = latencies(2_100))),
    /signing in: p99 2100 ms/,
  );
  assert.match(
    worsened(({ during }) => (during.arrivals.join = latencies(2_100))),
    /joining: p99 2100 ms/,
  );
  assert.match(
    worsened((run) => (run.refused = 1)),
    /refused 1 times/,
  );
  assert.match(
    worsened((run) => (run.disconnects = 2)),
    /lost their connection 2 times/,
  );
});

test('anything that was lost, doubled, reordered or not shown fails it', () => {
  for (const kind of ['missing', 'doubled', 'inversions', 'holes', 'wrong'] as const) {
    assert.equal(
      worsened(({ faults }) => faults[kind].push('one')),
      'one',
    );
  }
  assert.equal(
    worsened(({ strange }) => strange.push('the server panicked')),
    'the server panicked',
  );
});

test('a slow restart, a slow first join, and no join at all fail it', () => {
  assert.match(
    worsened((run) => (run.restartMs = 2_000)),
    /the restart: 2000 ms/,
  );
  assert.match(
    worsened(({ joinMs }) => joinMs.push(2_000)),
    /first join after it: 2000 ms/,
  );
  assert.match(
    worsened((run) => (run.restartMs = NaN)),
    /the restart/,
  );
  assert.match(
    worsened((run) => (run.joinMs = [])),
    /nobody joined/,
  );
});

test('guests must have used all there is, in a run that is long enough', () => {
  const less = (minutes: number) =>
    worsened((run) => {
      run.minutes = minutes;
      run.counts.events = {};
      run.counts.routes = {};
    });
  assert.equal(less(10), 'joinRoom; GET /api/me');
  assert.equal(less(1), '');
});

test('the same seed gives the same schedule, another seed another', () => {
  const of = (seed: number) => schedule(seed, 10, 60, attackNames);
  assert.deepEqual(of(7), of(7));
  assert.notDeepEqual(of(7), of(8));
});

test('in ten minutes every attack is run by one guest and by all', () => {
  for (let seed = 0; seed < 20; seed++) {
    const phases = schedule(seed, 10, phasesOf(600), attackNames);
    for (const isUnison of [true, false]) {
      const had = phases.filter((phase) => phase.isUnison === isUnison);
      const names = had.flatMap(({ attacks }) => attacks.flat());
      assert.deepEqual(new Set(names), new Set(attackNames), `seed ${seed}`);
    }
  }
});

test('a rate is kept after the burst', async () => {
  let acts = 0;
  await atRate(100, 50, AbortSignal.timeout(300), () => acts++);
  assert.ok(acts >= 65 && acts <= 85, `${acts} acts`);
});

test('options out of bounds are refused by name', () => {
  assert.throws(() => parseOptions(['--minutes', '13']), /--minutes/);
  assert.throws(() => parseOptions(['--minutes', 'x']), /--minutes/);
  assert.throws(() => parseOptions(['--guests', '0']), /--guests/);
  assert.throws(() => parseOptions(['--honest', '3']), /--honest/);
  const { minutes, guests } = parseOptions(['--seed', '5']);
  assert.deepEqual([minutes, guests], [10, 10]);
});
