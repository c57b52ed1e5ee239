import { disconnectAll } from '../people.ts';
import { Server } from '../server.ts';
import { Crowd } from './crowd.ts';
import { endServer, runDriver } from './driver.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { plan, type Round } from './schedule.ts';
import { Service } from './service.ts';
import { type Course, faultsOf, isWell, summarize } from './summary.ts';
import { judge, type Verdict } from './verdict.ts';
import { comesTrue, pause } from './waiting.ts';

const recoveryLimitMs = 30_000;
const settleLimitMs = 30_000;

/** Kills the server, or its database, under load and again and again; tells whether all was kept. */
async function crash(options: Options, end: AbortSignal): Promise<boolean> {
  const began = performance.now();
  const course: Course = {
    serverKills: 0,
    databaseKills: 0,
    longestRecoveryMs: 0,
    durationMs: 0,
    faults: [],
  };
  let good = false;
  let server: Server | undefined;
  let crowd: Crowd | undefined;
  let verdict: Verdict | undefined;
  const database = options.store === 'mongodb' ? await Service.start('mongodb') : undefined;
  try {
    server = await Server.start(database ? { MONGODB_URI: database.uri } : {});
    crowd = await Crowd.gather(server, options);
    await recovered(crowd, began, end);
    const rounds = plan(options.seed, options.rounds, options.store);
    for (const [index, round] of rounds.entries()) {
      const victim = round.victim === 'database' ? database : server;
      const took = await live(round, crowd, victim, end);
      if (round.victim === 'database') course.databaseKills++;
      else course.serverKills++;
      course.longestRecoveryMs = Math.max(course.longestRecoveryMs, took ?? 0);
      console.log(line(index + 1, round, took, crowd));
    }
    // The last round may have ended while the clients were still coming back.
    await recovered(crowd, performance.now(), end);
    await settle(crowd, course);
    verdict = await judge(crowd);
    if (server.log.includes('panicked')) course.faults.push('the server panicked: see its log');
    course.durationMs = performance.now() - began;
    good = isWell(faultsOf(course, crowd, verdict));
  } finally {
    if (!verdict) told(crowd);
    crowd?.end();
    disconnectAll();
    if (server) await endServer(server, good);
    await database?.dispose(!good);
  }
  summarize(options, course, crowd, verdict);
  return good;
}

/** What the clients met, where it did not come to a verdict. */
function told(crowd: Crowd | undefined): void {
  for (const { faults } of crowd ? [crowd.chat, crowd.board] : []) {
    for (const fault of faults.slice(0, 20)) console.log(fault);
  }
}

async function settle(crowd: Crowd, course: Course): Promise<void> {
  crowd.stop();
  const { outboxes } = crowd;
  if (await comesTrue(() => outboxes.every((box) => box.isSettled), settleLimitMs)) return;
  const left = outboxes.flatMap((box) => box.unsettled);
  course.faults.push(`not acknowledged within ${settleLimitMs} ms: ${left.join(', ')}`);
}

/** One kill and one restart. Resolves to how long the recovery took, when it was waited for. */
async function live(
  round: Round,
  crowd: Crowd,
  victim: Pick<Server, 'kill' | 'run'> | undefined,
  end: AbortSignal,
): Promise<number | undefined> {
  if (!victim) throw new Error('no database to kill');
  await pause(round.loadMs);
  await victim.kill();
  await pause(round.deadMs);
  const restarted = performance.now();
  await victim.run();
  return round.early ? undefined : recovered(crowd, restarted, end);
}

/** Waits until every writer has had an ack since then. */
async function recovered(crowd: Crowd, since: number, end: AbortSignal): Promise<number> {
  const isOver = await comesTrue(() => end.aborted || crowd.isServedSince(since), recoveryLimitMs);
  end.throwIfAborted();
  if (!isOver) {
    const left = crowd.outboxes.flatMap((box) => box.unsettled);
    throw new Error(`not acknowledged within ${recoveryLimitMs} ms: ${left.join(', ')}`);
  }
  return performance.now() - since;
}

function line(number: number, round: Round, took: number | undefined, crowd: Crowd): string {
  const { victim, loadMs, deadMs } = round;
  const recovery = took === undefined ? 'not waited for' : `${Math.round(took)} ms`;
  const acked = `acknowledged ${crowd.chat.acked} / ${crowd.board.acked}`;
  const place = `${String(number).padStart(3)} ${victim.padEnd(8)}`;
  return `${place} load ${loadMs} ms, dead ${deadMs} ms, recovery ${recovery}; ${acked}`;
}

await runDriver({
  name: 'crash',
  usage,
  parse: parseOptions,
  told: ({ rounds, store }) => `${rounds} rounds on ${store}`,
  drive: crash,
});
