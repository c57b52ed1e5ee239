import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Server } from '../../server.ts';

/** What the server takes at one moment. */
export interface Sample {
  /** Resident memory now, and the most since the program began, in MiB. */
  residentMb: number;
  peakMb: number;
  descriptors: number;
  /** On disk, in MiB. */
  database: number;
  journal: number;
  files: number;
}

const everyMs = 500;

const mib = (bytes: number) => bytes / 2 ** 20;

/** Looks at a running server twice a second. */
export class ResourceMonitor {
  readonly samples: Sample[] = [];
  #looking: Promise<void> = Promise.resolve();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly server: Server) {
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(async () => this.look()).catch(() => undefined);
    }, everyMs);
  }

  async end(): Promise<Sample[]> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.look();
    return this.samples;
  }

  private async look(): Promise<void> {
    this.samples.push(await sample(this.server));
  }
}

export async function sample({ pid, dataDir }: Server): Promise<Sample> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN);
  const sizes = await sizesOf(dataDir);
  return {
    residentMb: kb('VmRSS') / 1024,
    peakMb: kb('VmHWM') / 1024,
    descriptors: (await readdir(`/proc/${pid}/fd`)).length,
    ...sizes,
  };
}

/** By what it is. The database's journal is the file that it writes ahead. */
async function sizesOf(folder: string): Promise<Pick<Sample, 'database' | 'journal' | 'files'>> {
  const sizes = { database: 0, journal: 0, files: 0 };
  for (const name of await readdir(folder, { recursive: true })) {
    // What is swept meanwhile takes no place any more.
    const file = await stat(path.join(folder, name)).catch(() => undefined);
    if (!file?.isFile()) continue;
    // Blocks, for a file may be longer than what was written of it.
    const size = mib(file.blocks * 512);
    if (/\.db-(wal|shm)$/.test(name)) sizes.journal += size;
    else if (name.endsWith('.db')) sizes.database += size;
    else sizes.files += size;
  }
  return sizes;
}
