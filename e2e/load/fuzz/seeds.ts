import { appendFile, readFile } from 'node:fs/promises';

/** Seeds that found a fault once. */
export async function knownSeeds(file: string): Promise<number[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.filter((line) => /^\d+$/.test(line)).map(Number);
}

/**
 * Runs the known seeds, each with `fewer` packets, and then the one asked for, which becomes known
 * if it fails. Resolves to whether all went well.
 */
export async function runSeeds(
  file: string,
  asked: { packets: number; seed: number },
  fewer: number,
  run: (packets: number, seed: number) => Promise<boolean>,
): Promise<boolean> {
  const known = await knownSeeds(file);
  let isWell = true;
  for (const seed of known) isWell = (await run(fewer, seed)) && isWell;
  if (await run(asked.packets, asked.seed)) return isWell;
  if (!known.includes(asked.seed)) await appendFile(file, `${asked.seed}\n`);
  return false;
}
