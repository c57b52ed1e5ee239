import { monitorEventLoopDelay } from 'node:perf_hooks';
import { call, disconnectAll, Person } from '../people.ts';
import { Server } from '../server.ts';
import { noFaults } from './checks.ts';
import { endServer, runDriver } from './driver.ts';
import { joinTime } from './hostile/arrival.ts';
import { Crowd } from './hostile/crowd.ts';
import { ResourceMonitor, sample, type Sample } from './hostile/monitor.ts';
import type { Target } from './hostile/guest.ts';
import { Guests } from './hostile/guests.ts';
import { eventNames } from './hostile/attacks/events.ts';
import { attackNames } from './hostile/attacks/index.ts';
import { judgeGroup } from './hostile/judge.ts';
import { Newcomer } from './hostile/newcomer.ts';
import { type Options, parseOptions, usage } from './hostile/options.ts';
import { report } from './hostile/report.ts';
import { phasesOf, schedule } from './hostile/schedule.ts';
import type { Results, Measured } from './hostile/verdict.ts';
import { comesTrue } from './waiting.ts';

const settleLimitMs = 30_000;
/** As a service is usually allowed; the soft limit is the one of a shell. */
const limits = ['sh', '-c', 'ulimit -S -n 1024 && ulimit -H -n 4096 && exec "$@"', 'sh'];

/** Everyone and everything of a run. */
interface Stage {
  server: Server;
  crowd: Crowd;
  newcomer: Newcomer;
  host: Person;
  target: Target;
  idle: Sample;
}

async function prepare(options: Options): Promise<Stage> {
  // The limits are those of the program as it comes.
  const server = await Server.start({ RATE_LIMIT_FACTOR: '1' }, '127.0.0.1', limits);
  const idle = await sample(server);
  const host = await Person.signUp(server, 'Host');
  const crowd = await Crowd.gather(server, options.honest);
  const open = { guests: true, capacity: 1000 };
  const own = await host.createRoom('Among themselves', open);
  const waiting = await host.createRoom('Waiting', { ...open, access: 'waiting' });
  const attacked = crowd.attacked.shared.roomId;
  const preview = await host.call<{ code: string }>('GET', `/api/rooms/${attacked}`);
  const target = {
    url: server.url.replace('localhost', '127.0.0.1'),
    attacked,
    own: own.roomId,
    waiting: waiting.roomId,
    code: preview.body.code,
  };
  const quiet = crowd.groups.at(-1)?.shared.roomId ?? attacked;
  const newcomer = await Newcomer.signUp(server, quiet);
  return { server, crowd, newcomer, host, target, idle };
}

async function hostile(options: Options, end: AbortSignal): Promise<boolean> {
  const stage = await prepare(options);
  const { server, crowd, newcomer } = stage;
  const guests = new Guests();
  let good = false;
  try {
    if (!(await crowd.areIn(settleLimitMs))) throw new Error('not all came in');
    newcomer.begin();
    const attackMs = options.minutes * 60_000;
    await rest(Math.min(60_000, attackMs / 2), end);
    const before = met(stage);
    const loop = monitorEventLoopDelay({ resolution: 5 });
    loop.enable();
    const samples = await attack(options, stage, guests, end);
    loop.disable();
    const during = met(stage);
    const results = await judged(options, stage, { before, during }, samples, guests);
    good = report(options, results, loop.percentile(99) / 1e6 - 5);
  } finally {
    await guests.end();
    crowd.end();
    disconnectAll();
    await endServer(server, good);
  }
  return good;
}

const met = ({ crowd, newcomer }: Stage): Measured => ({
  ...crowd.take(),
  arrivals: newcomer.take(),
});

async function rest(ms: number, end: AbortSignal): Promise<void> {
  await comesTrue(() => end.aborted, ms);
  end.throwIfAborted();
}

async function attack(
  options: Options,
  { server, target, crowd }: Stage,
  guests: Guests,
  end: AbortSignal,
): Promise<Sample[]> {
  const seconds = options.minutes * 60;
  const names = attackNames.filter((name) => name.includes(options.only));
  const phases = schedule(options.seed, options.guests, phasesOf(seconds), names);
  const phaseMs = (seconds * 1000) / phases.length;
  const beganAt = performance.now();
  const monitor = new ResourceMonitor(server);
  guests.onPhase = (number) => {
    const { isUnison, attacks } = phases[number] ?? { isUnison: false, attacks: [] };
    const at = ((performance.now() - beganAt) / 1000).toFixed(0).padStart(4);
    const now = monitor.samples.at(-1);
    const what = isUnison ? `all: ${attacks[0]?.join()}` : attacks.flat().join(', ');
    const memory = Math.round(now?.residentMb ?? 0);
    const { attacked, others } = crowd.slowest();
    const slow = `until now ${Math.round(attacked)} and ${Math.round(others)} ms`;
    console.log(
      `${at} s  ${String(memory).padStart(5)} MiB, ${now?.descriptors} open, ${slow}; now ${what}`,
    );
  };
  guests.begin({ target, seed: options.seed, guests: options.guests, phases, phaseMs });
  // Each part has some seconds to close what it opened.
  await comesTrue(() => end.aborted || guests.isOver, seconds * 2_000 + 60_000);
  end.throwIfAborted();
  return monitor.end();
}

async function judged(
  options: Options,
  stage: Stage,
  { before, during }: { before: Measured; during: Measured },
  samples: Sample[],
  guests: Guests,
): Promise<Results> {
  const { server, crowd, newcomer, idle, host, target } = stage;
  await newcomer.end();
  crowd.stop();
  const strange = [...newcomer.faults, ...(await crowd.settle(settleLimitMs))];
  const tallies = crowd.groups.flatMap(({ shared }) => [shared.chat, shared.board]);
  const isShown = () =>
    crowd.groups.every(({ shared, people }) => {
      const last = Math.max(0, ...shared.chat.acks.map(({ seq }) => seq));
      return people.every(({ reader }) => (reader.chat.place ?? 0) >= last);
    });
  if (!(await comesTrue(isShown, settleLimitMs))) strange.push('not all was shown to all');
  const disconnects = crowd.all.reduce((sum, honest) => sum + honest.disconnects, 0);
  crowd.end();
  const { paths } = await document(server);
  const { restartMs, joinMs } = await again(server, host, target);
  const faults = noFaults();
  for (const group of crowd.groups) await judgeGroup(group, faults);
  if (server.log.includes('panicked')) strange.push('the server panicked: see its log');
  return {
    minutes: options.minutes,
    slack: options.slack,
    idle,
    samples,
    before,
    during,
    refused: tallies.reduce((sum, { refused }) => sum + refused, 0),
    disconnects,
    faults,
    strange: [...strange, ...tallies.flatMap((tally) => tally.faults)],
    counts: guests.counts,
    events: eventNames,
    routes: called(paths),
    restartMs,
    joinMs,
  };
}

/** Of the routes, from a server that still answers. */
async function document(server: Server): Promise<{ paths: Record<string, object> }> {
  const asked = call<{ paths: Record<string, object> }>(server, 'GET', '/api/openapi.json');
  const answer = await asked.catch((error: unknown) => {
    throw new Error(`after the attack the server does not answer: ${String(error)}`);
  });
  return answer.body;
}

/** Every route that guests can call without an end of their own. */
function called(paths: Record<string, object>): string[] {
  return Object.entries(paths)
    .flatMap(([route, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${route}`),
    )
    .filter((route) => !route.includes('/oidc/') && route !== 'DELETE /api/rooms/{room}');
}

/** Killed and started again; then the first who comes into each attacked room. */
async function again(server: Server, host: Person, target: Target) {
  await server.kill();
  const killedAt = performance.now();
  await server.run();
  const restartMs = performance.now() - killedAt;
  const joinMs: number[] = [];
  for (const roomId of [target.attacked, target.own]) {
    // Who does not get in waits for ever.
    joinMs.push(await joinTime(host, server, roomId).catch(() => Infinity));
  }
  return { restartMs, joinMs };
}

await runDriver({
  name: 'hostile',
  usage,
  parse: parseOptions,
  told: ({ guests, honest, minutes }) =>
    `${guests} guests for ${minutes} minutes, ${honest} honest people`,
  drive: hostile,
});
