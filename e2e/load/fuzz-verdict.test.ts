import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Dialect } from './fuzz/dialect.ts';
import { json } from './fuzz/json.ts';
import { type Frame, type Line, textFrame } from './fuzz/lines.ts';
import { pack, unpack } from './fuzz/messagepack.ts';
import { packed } from './fuzz/packed.ts';
import { runSeeds } from './fuzz/seeds.ts';
import { Tally } from './fuzz/tally.ts';
import { expected, faultsOf } from './fuzz/verdict.ts';
import { Visitor } from './fuzz/visitor.ts';

const nsp = '/rooms';

/** A server that takes everything, and answers each question so many times. */
class YesLine implements Line {
  readonly isUp = true;
  isOver = false;
  readonly backlog = 0;
  #questions = 0;
  onFrame: (frame: Frame) => void = () => undefined;

  constructor(private readonly times: (question: number) => number) {}

  send({ data, binary }: Frame): void {
    if (binary) {
      const { type, id } = unpack(data as Buffer) as { type: number; id?: number };
      const answer = type === 0 ? { type: 0, nsp } : { type: 3, nsp, id, data: [{ ok: true }] };
      this.tell({ data: pack(answer), binary }, type === 0);
    } else {
      const [, id] = /^42\/rooms,(\d+)/.exec(String(data)) ?? [];
      const answer = id === undefined ? '40/rooms,{}' : `43/rooms,${id}[{"ok":true}]`;
      this.tell(textFrame(answer), id === undefined);
    }
  }

  flush(): void {
    // Nothing is held back.
  }

  end(): void {
    this.isOver = true;
  }

  private tell(frame: Frame, isConnect: boolean): void {
    const times = isConnect ? 1 : this.times(++this.#questions);
    for (let n = 0; n < times; n++) queueMicrotask(() => this.onFrame(frame));
  }
}

/** Ten questions. Resolves to what was wrong. */
async function faults(dialect: Dialect, times: (question: number) => number): Promise<string[]> {
  const tally = new Tally();
  const visitor = new Visitor(new YesLine(times), dialect, tally, 50);
  assert.ok(await visitor.enter({ token: 't' }));
  for (let n = 0; n < 10; n++) visitor.ask('room:sync', {}, 'ok');
  await visitor.isSettled();
  visitor.end(true);
  return faultsOf(tally);
}

for (const dialect of [json, packed]) {
  test(`${dialect.name}: one answer each is well`, async () =>
    assert.deepEqual(await faults(dialect, () => 1), []));

  test(`${dialect.name}: a missing answer is a fault`, async () => {
    const [fault, ...others] = await faults(dialect, (question) => (question === 4 ? 0 : 1));
    assert.match(fault ?? '', /^not answered: .*room:sync/);
    assert.deepEqual(others, []);
  });

  test(`${dialect.name}: a second answer is a fault`, async () => {
    const [fault, ...others] = await faults(dialect, (question) => (question === 4 ? 2 : 1));
    assert.match(fault ?? '', /^answered twice: /);
    assert.deepEqual(others, []);
  });
}

test('a wrong answer is a fault', async () => {
  const tally = new Tally();
  const visitor = new Visitor(new YesLine(() => 1), json, tally, 50);
  visitor.ask('chat:message', {}, 'bad_request');
  await visitor.isSettled();
  assert.match(faultsOf(tally).join(), /^bad_request is right, not {"ok":true}/);
});

test('a seed that fails is remembered, once, and runs first from then on', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fuzz-seeds-'));
  const file = path.join(folder, 'seeds.txt');
  await writeFile(file, '# Seeds.\n');
  const ran: [number, number][] = [];
  const run = (times: (question: number) => number) => async (packets: number, seed: number) => {
    ran.push([packets, seed]);
    return (await faults(json, times)).length === 0;
  };
  const asked = { packets: 100, seed: 7 };
  assert.equal(
    await runSeeds(
      file,
      asked,
      10,
      run(() => 1),
    ),
    true,
  );
  assert.equal(await readFile(file, 'utf8'), '# Seeds.\n');
  assert.equal(
    await runSeeds(
      file,
      asked,
      10,
      run(() => 0),
    ),
    false,
  );
  assert.equal(
    await runSeeds(
      file,
      asked,
      10,
      run(() => 2),
    ),
    false,
  );
  assert.equal(await readFile(file, 'utf8'), '# Seeds.\n7\n');
  assert.equal(
    await runSeeds(
      file,
      { ...asked, seed: 8 },
      10,
      run(() => 1),
    ),
    true,
  );
  assert.deepEqual(ran.slice(-2), [
    [10, 7],
    [100, 8],
  ]);
  await rm(folder, { recursive: true });
});

/** A long run in which all is well. */
function longRun(): Tally {
  const tally = new Tally();
  tally.packets = 10_000;
  for (const code of expected) tally.outcomes[code] = 1;
  tally.outcomes['ok'] = 100;
  return tally;
}

test('a run must reach every code, and be let in mostly', () => {
  assert.deepEqual(faultsOf(longRun()), []);
  const poor = longRun();
  delete poor.outcomes['banned'];
  assert.deepEqual(faultsOf(poor), ['never answered: banned']);
  const shallow = longRun();
  shallow.outcomes['not_in_room'] = 900;
  assert.match(faultsOf(shallow).join(), /^ok and bad_request are 10 %/);
  const broken = longRun();
  broken.outcomes['internal'] = 1;
  assert.deepEqual(faultsOf(broken), ['1 answers are internal']);
});

test('memory that stays is a fault', () => {
  const memory = { startMb: 50, peakMb: 120, endMb: 110, keptKb: 0.4, measured: 1_500 };
  assert.deepEqual(faultsOf(longRun(), memory), []);
  assert.match(faultsOf(longRun(), { ...memory, keptKb: 23 }).join(), /23.0 kB stay/);
  assert.match(faultsOf(longRun(), { ...memory, peakMb: 600 }).join(), /50 MB grew to 600 MB/);
});
