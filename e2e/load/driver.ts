import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Server } from '../server.ts';

/** What a driver does, from the words of its command line to its verdict. */
export interface Driver<O extends { seed: number }> {
  name: string;
  usage: string;
  /** @throws if an option is not known or out of bounds. */
  parse: (words: string[]) => O;
  /** What is about to run, in one line; the seed is said behind it. */
  told: (options: O) => string;
  /** Whether all was well. */
  drive: (options: O, end: AbortSignal) => Promise<boolean>;
}

/**
 * Runs a driver from the command line. The process ends with 0 when all was well, with 1 when it was not or a signal
 * ended it, and with 2 for options it does not know.
 */
export async function runDriver<O extends { seed: number }>(driver: Driver<O>): Promise<void> {
  const { name, usage, parse, told, drive } = driver;
  let options: O;
  try {
    options = parse(process.argv.slice(2));
  } catch (error) {
    console.error(`${String(error)}\n${usage}`);
    process.exit(2);
  }
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => end.abort(new Error(`ended by ${signal}`)));
  }
  const { seed } = options;
  console.log(`${name}: ${told(options)}, seed ${seed}`);
  try {
    process.exitCode = (await drive(options, end.signal)) ? 0 : 1;
  } catch (error) {
    console.error(`${name}: ${String(error)}; seed ${seed}`);
    process.exitCode = 1;
  }
}

/** Ends the server; what failed is kept to be looked at. */
export async function endServer(server: Server, good: boolean): Promise<void> {
  if (good) return server.dispose();
  await server.kill();
  await writeFile(path.join(server.dataDir, 'server.log'), server.log);
  console.log(`the server's data and log: ${server.dataDir}`);
}
