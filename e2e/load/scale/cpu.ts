import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** What Linux tells all programs, whatever its own clock (USER_HZ). */
const ticksASecond = 100;

/** What a process has spent since it began, all its threads together. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name before may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // The state is the third field of all, time for itself the 14th, time in the kernel the 15th.
  return (Number(fields[11]) + Number(fields[12])) / ticksASecond;
}

/** What the whole machine has spent. */
export function machineSeconds(): number {
  const busy = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return busy.reduce((sum, ms) => sum + ms, 0) / 1000;
}
