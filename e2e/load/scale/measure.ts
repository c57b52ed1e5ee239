import { Person } from '../../people.ts';
import { Cluster } from '../chaos/cluster.ts';
import { pause } from '../waiting.ts';
import type { Counted } from './count.ts';
import { cpuSeconds, machineSeconds } from './cpu.ts';
import type { Booking } from './crew.ts';
import type { Kind } from './load.ts';
import type { Options } from './options.ts';
import { Workers } from './workers.ts';

/** What one set-up did with one kind of load. */
export interface Figures extends Counted {
  seconds: number;
  /** CPU seconds of all instances, of what they need, and of the machine. */
  instances: number;
  redis: number;
  database: number;
  machine: number;
}

/** Caches, connections and the compiler of the clients get that long. */
const warmMs = 2000;

export async function measure(
  options: Options,
  instances: number,
  isAlone: boolean,
): Promise<Record<Kind, Figures>> {
  const cluster = await Cluster.start(instances, isAlone ? { REDIS_URL: undefined } : {});
  const workers = Workers.start(options.workers);
  try {
    await workers.gather(await book(cluster, options));
    const chat = await run(cluster, workers, options, 'chat');
    const cursor = await run(cluster, workers, options, 'cursor');
    return { chat, cursor };
  } finally {
    await workers.end();
    await cluster.dispose(false);
  }
}

/** Everyone takes the next instance, so every room is on all of them. */
async function book({ instances }: Cluster, options: Options): Promise<Booking[]> {
  const [first] = instances;
  if (!first) throw new Error('no instance');
  const owner = await Person.signUp(first, 'Ann');
  const bookings: Booking[] = [];
  for (let room = 0; room < options.rooms; room++) {
    const { roomId } = await owner.createRoom(`Room ${room + 1}`);
    const guests = Array.from({ length: options.clients }, (_, n) => {
      const { url } = instances[n % instances.length] ?? first;
      return { url, token: owner.token };
    });
    bookings.push({ roomId, guests });
  }
  return bookings;
}

async function run(
  cluster: Cluster,
  workers: Workers,
  { writers, flight, seconds }: Options,
  kind: Kind,
): Promise<Figures> {
  await workers.tell({ word: 'write', kind, pace: { writers, flight } });
  await pause(warmMs);
  await workers.take();
  const before = spent(cluster);
  await pause(seconds * 1000);
  const counted = await workers.take();
  const after = spent(cluster);
  await workers.tell({ word: 'rest' });
  return {
    ...counted,
    seconds: (after.atMs - before.atMs) / 1000,
    instances: after.instances - before.instances,
    redis: after.redis - before.redis,
    database: after.database - before.database,
    machine: after.machine - before.machine,
  };
}

function spent({ instances, redis, database }: Cluster) {
  return {
    atMs: performance.now(),
    instances: instances.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
    redis: cpuSeconds(redis.pid),
    database: cpuSeconds(database.pid),
    machine: machineSeconds(),
  };
}
