import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Server } from '../../server.ts';
import { Service } from '../service.ts';

/** Several instances of the program, on one database and one Redis of their own. */
export class Cluster {
  readonly instances: Server[] = [];

  private constructor(
    readonly database: Service,
    readonly redis: Service,
    /** For whatever is written beside. */
    readonly folder: string,
  ) {}

  /** @param environment beside what all share; what is undefined there is taken away. */
  static async start(
    count: number,
    environment: Record<string, string | undefined> = {},
  ): Promise<Cluster> {
    const folder = await mkdtemp(path.join(tmpdir(), 'studyrooms-cluster-'));
    const database = await Service.start('mongodb');
    let cluster: Cluster | undefined;
    try {
      cluster = new Cluster(database, await Service.start('redis'), folder);
      const wanted: Record<string, string | undefined> = {
        MONGODB_URI: database.uri,
        REDIS_URL: cluster.redis.uri,
        JWT_SECRET: randomBytes(32).toString('hex'),
        TRUSTED_PROXIES: '127.0.0.1',
        RATE_LIMIT_FACTOR: '1000000',
        ...environment,
      };
      const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
      const shared = Object.fromEntries(given) as Record<string, string>;
      // One after the other: the first makes the indexes.
      for (let n = 0; n < count; n++) cluster.instances.push(await Server.start(shared));
      return cluster;
    } catch (error) {
      if (cluster) await cluster.dispose(true);
      else await database.dispose(true);
      throw error;
    }
  }

  instance(index: number): Server {
    const instance = this.instances[index];
    if (!instance) throw new Error(`no instance ${index + 1}`);
    return instance;
  }

  /** Ends all. What failed is kept to be looked at. */
  async dispose(keep: boolean): Promise<void> {
    for (const [index, instance] of this.instances.entries()) {
      if (keep) await writeFile(path.join(this.folder, `instance${index + 1}.log`), instance.log);
      await instance.dispose();
    }
    await this.redis.dispose(keep);
    await this.database.dispose(keep);
    if (keep) console.log(`logs of the instances and the balancer: ${this.folder}`);
    else await rm(this.folder, { recursive: true, force: true });
  }
}
