import { disconnectAll } from '../people.ts';
import { Server } from '../server.ts';
import { Cluster } from './chaos/cluster.ts';
import { runDriver } from './driver.ts';
import { races } from './races/index.ts';
import { environment, Lane } from './races/lane.ts';
import { type Options, parseOptions, usage } from './races/options.ts';
import type { Race } from './races/race.ts';
import { report, Tally } from './races/tally.ts';
import { seeded } from './random.ts';

/** Rounds that are run side by side, so that the server is busy too. */
const lanes = 4;

interface System {
  instances: readonly Server[];
  dispose: (keep: boolean) => Promise<void>;
}

async function start({ instances }: Options): Promise<System> {
  if (instances > 1) {
    const cluster = await Cluster.start(instances, environment);
    return { instances: cluster.instances, dispose: async (keep) => cluster.dispose(keep) };
  }
  const server = await Server.start({ ...environment, RATE_LIMIT_FACTOR: '1000000' });
  return { instances: [server], dispose: async () => server.dispose() };
}

async function run(race: Race, all: readonly Lane[], rounds: number, end: AbortSignal) {
  const tally = new Tally(race.name);
  let left = rounds;
  await Promise.all(
    all.map(async (lane) => {
      while (left-- > 0 && !end.aborted) {
        try {
          tally.add(await race.run(lane));
        } catch (error) {
          tally.broken.push(error instanceof Error ? (error.stack ?? '') : String(error));
        }
      }
    }),
  );
  end.throwIfAborted();
  return tally;
}

async function drive(options: Options, end: AbortSignal): Promise<boolean> {
  const system = await start(options);
  const { rounds, seed } = options;
  let well = false;
  try {
    const all = await Promise.all(
      Array.from({ length: lanes }, async (_, n) =>
        Lane.gather(system.instances, n + 1, seeded(seed + n)),
      ),
    );
    const wanted = races.filter(({ name }) => name.includes(options.only));
    const tallies: Tally[] = [];
    for (const race of wanted) {
      const beganAt = performance.now();
      const tally = await run(race, all, rounds, end);
      tallies.push(tally);
      const seconds = ((performance.now() - beganAt) / 1000).toFixed(1).padStart(6);
      console.log(`${seconds} s  ${race.name}: ${tally.faults.length} of ${tally.rounds}`);
    }
    well = report(tallies, rounds);
    if (system.instances.some(({ log }) => log.includes('panicked'))) {
      console.log('an instance panicked');
      well = false;
    }
  } finally {
    disconnectAll();
    await system.dispose(!well);
  }
  return well;
}

await runDriver({
  name: 'races',
  usage,
  parse: parseOptions,
  told: ({ rounds, instances }) => `${rounds} rounds of each on ${instances} instances`,
  drive,
});
