import type { Server } from '../../server.ts';
import { comesTrue, pause } from '../waiting.ts';
import type { Balancer } from './balancer.ts';
import type { Cluster } from './cluster.ts';
import type { Healed } from './metrics.ts';
import type { Fault } from './schedule.ts';

/** A server asked to end has this long (SPEC 3.6), and a little more on a busy machine. */
const endWithinMs = 12_000;

/** What stops and goes on again. */
interface Pausable {
  signal(signal: NodeJS.Signals): void;
}

/** What is killed and started again. */
interface Killable {
  kill(): Promise<unknown>;
  run(): Promise<void>;
}

/** Does one fault. Resolves when the part is up again, to what should not have happened with it. */
export async function inflict(
  { kind, instance: index, holdMs }: Fault,
  cluster: Cluster,
  balancer: Balancer,
  healed: Healed,
): Promise<string[]> {
  const { redis, database } = cluster;
  const instance = cluster.instance(index);
  switch (kind) {
    case 'instance kill':
      await healed.note(instance);
      return killed(instance, holdMs);
    case 'instance restart':
      await healed.note(instance);
      return restarted(instance, holdMs);
    case 'instance pause':
      return paused({ signal: (signal) => process.kill(instance.pid, signal) }, holdMs);
    case 'redis kill':
      return killed(redis, holdMs);
    case 'redis pause':
      return paused(redis, holdMs);
    case 'redis drop pubsub':
    case 'redis drop normal': {
      const answer = await redis.tell(`CLIENT KILL TYPE ${kind.split(' ')[2]}`);
      return answer.startsWith(':') ? [] : [`Redis answers ${answer}`];
    }
    case 'database kill':
      return killed(database, holdMs);
    case 'database pause':
      return paused(database, holdMs);
    case 'balancer kill':
      return killed(balancer, holdMs);
    case 'balancer reload':
      await balancer.reload();
      return [];
  }
}

async function killed(victim: Killable, holdMs: number): Promise<string[]> {
  await victim.kill();
  await pause(holdMs);
  await victim.run();
  return [];
}

async function paused(victim: Pausable, holdMs: number): Promise<string[]> {
  victim.signal('SIGSTOP');
  try {
    await pause(holdMs);
  } finally {
    victim.signal('SIGCONT');
  }
  return [];
}

async function restarted(instance: Server, holdMs: number): Promise<string[]> {
  const faults: string[] = [];
  let code: number | null | undefined;
  const stopping = instance.stop().then((ended) => (code = ended));
  if (!(await comesTrue(() => code !== undefined, endWithinMs))) {
    faults.push(`asked to end, an instance did not within ${endWithinMs} ms`);
    await instance.kill();
  }
  await stopping;
  if (faults.length === 0 && code !== 0)
    faults.push(`asked to end, an instance ended with ${code}`);
  await pause(holdMs);
  await instance.run();
  return faults;
}
