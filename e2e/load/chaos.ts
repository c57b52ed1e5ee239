import { disconnectAll } from '../people.ts';
import type { Server } from '../server.ts';
import { Balancer } from './chaos/balancer.ts';
import { compareBoards } from './chaos/boards.ts';
import { Cluster } from './chaos/cluster.ts';
import { Crowd } from './chaos/crowd.ts';
import { inflict } from './chaos/inflict.ts';
import { Healed } from './chaos/metrics.ts';
import { type Options, parseOptions, usage } from './chaos/options.ts';
import { type Course, report } from './chaos/report.ts';
import { plan } from './chaos/schedule.ts';
import { runDriver } from './driver.ts';
import { judge, type Verdict } from './verdict.ts';
import { comesTrue } from './waiting.ts';

const gatherLimitMs = 60_000;
const recoveryLimitMs = 30_000;
const settleLimitMs = 60_000;
/** A heartbeat of the logs, on a busy machine. */
const shownLimitMs = 15_000;

/** Harms a cluster part by part under load; tells whether every promise was kept. */
async function chaos(options: Options, end: AbortSignal): Promise<boolean> {
  const calledAt = performance.now();
  const cluster = await Cluster.start(options.instances);
  let balancer: Balancer | undefined;
  let crowd: Crowd | undefined;
  let good = false;
  try {
    balancer = await Balancer.start(cluster.instances, cluster.folder);
    crowd = await Crowd.gather(balancer, options);
    if (!(await crowd.isWhole(gatherLimitMs, end))) console.log('not all came in by the start');
    const beganAt = performance.now();
    console.log(`started ${((beganAt - calledAt) / 1000).toFixed(1)} s after the call`);
    const healed = new Healed();
    const course: Course = { done: [], healed: '', strange: [], boards: [] };
    await suffer(options, course, { cluster, balancer, crowd, healed }, end);
    await comesTrue(() => end.aborted, beganAt + options.seconds * 1000 - performance.now());
    end.throwIfAborted();
    await settle(crowd, course, end);
    const { instances } = cluster;
    const judgedAt = performance.now();
    const verdicts = await judgeAll(crowd, instances, course, end);
    console.log(`judged in ${((performance.now() - judgedAt) / 1000).toFixed(1)} s`);
    course.healed = await healed.table(instances);
    if (instances.some(({ log }) => log.includes('panicked'))) {
      course.strange.push('an instance panicked: see its log');
    }
    good = report(options, course, crowd, verdicts, beganAt);
  } finally {
    crowd?.end();
    disconnectAll();
    await balancer?.dispose();
    await cluster.dispose(!good);
  }
  return good;
}

interface System {
  cluster: Cluster;
  balancer: Balancer;
  crowd: Crowd;
  healed: Healed;
}

/** All faults of the plan, one after the other. */
async function suffer(
  options: Options,
  course: Course,
  { cluster, balancer, crowd, healed }: System,
  end: AbortSignal,
): Promise<void> {
  const beganAt = performance.now();
  for (const [index, fault] of plan(options).entries()) {
    await comesTrue(() => end.aborted, beganAt + fault.atMs - performance.now());
    end.throwIfAborted();
    const { kind, instance, holdMs, early } = fault;
    const place = kind.startsWith('instance') ? `${kind} ${instance + 1}` : kind;
    const strange = await inflict(fault, cluster, balancer, healed);
    course.strange.push(...strange.map((text) => `${place}: ${text}`));
    const upAt = performance.now();
    let recoveryMs: number | undefined;
    let words = 'not waited for';
    if (!early) {
      if (await crowd.isWhole(recoveryLimitMs, end)) {
        recoveryMs = performance.now() - upAt;
        words = `${Math.round(recoveryMs)} ms`;
      } else {
        words = `not within ${recoveryLimitMs} ms`;
        course.strange.push(`fault ${index + 1}, ${place}: no recovery ${words}`);
      }
    }
    course.done.push({ fault, recoveryMs });
    const at = ((upAt - beganAt) / 1000).toFixed(1).padStart(6);
    console.log(`${at} s  ${place.padEnd(20)} ${holdMs} ms, recovery ${words}`);
  }
}

/** What is acknowledged by the end has some time to reach everyone: no one is judged before. */
async function settle(crowd: Crowd, course: Course, end: AbortSignal): Promise<void> {
  crowd.stop();
  const { outboxes } = crowd;
  const isQuiet = () => end.aborted || outboxes.every((box) => box.isSettled);
  const areAcked = await comesTrue(isQuiet, settleLimitMs);
  if ((await crowd.isWhole(shownLimitMs, end)) && areAcked) return;
  const { missing } = crowd;
  const who = missing.length > 0 ? missing.slice(0, 10).join(', ') : 'not all was shown to all';
  course.strange.push(`not settled at the end: ${who}`);
}

/** Every instance is asked for its share of the rooms, one after the other: this is no load test. */
async function judgeAll(
  { rooms }: Crowd,
  instances: readonly Server[],
  course: Course,
  end: AbortSignal,
): Promise<Verdict[]> {
  const left = [...rooms];
  const verdicts: Verdict[] = [];
  await Promise.all(
    instances.map(async (instance) => {
      for (let room = left.pop(); room; room = left.pop()) {
        end.throwIfAborted();
        verdicts.push(await judge(room.readFrom(instance)));
        course.boards.push(...(await compareBoards(room, instances)));
      }
    }),
  );
  return verdicts;
}

await runDriver({
  name: 'chaos',
  usage,
  parse: parseOptions,
  told: ({ instances, clients, rooms, faults, seconds }) =>
    `${clients} clients in ${rooms} rooms on ${instances} instances, ${faults} faults in ${seconds} s`,
  drive: chaos,
});
