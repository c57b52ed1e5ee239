import { printTable } from '../summary.ts';
import type { Round } from './race.ts';

/** More of one kind help nobody. */
const shown = 5;

/** What the rounds of one race came to. */
export class Tally {
  rounds = 0;
  readonly outcomes = new Map<string, number>();
  readonly faults: string[] = [];
  /** Rounds that could not be run to the end. */
  readonly broken: string[] = [];

  constructor(readonly name: string) {}

  add({ outcome, fault }: Round): void {
    this.rounds++;
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (fault !== undefined) this.faults.push(fault);
  }

  /** Nothing is proved by rounds that were not run. */
  isWell(wanted: number): boolean {
    return this.faults.length === 0 && this.broken.length === 0 && this.rounds >= wanted;
  }
}

/** Prints what was found. Returns whether no race was. */
export function report(tallies: readonly Tally[], rounds: number): boolean {
  for (const { name, outcomes, faults, broken } of tallies) {
    console.log(`${name}:`);
    const often = [...outcomes].sort(([, one], [, other]) => other - one);
    for (const [outcome, count] of often.slice(0, shown)) console.log(`  ${count} × ${outcome}`);
    const lines = [...faults.map((fault) => `FOUND: ${fault}`), ...broken];
    for (const line of lines.slice(0, shown)) console.log(`  ${line}`);
  }
  const well = tallies.length > 0 && tallies.every((tally) => tally.isWell(rounds));
  printTable([
    ['race', 'found of rounds'],
    ...tallies.map(({ name, faults, broken, rounds: run }): [string, string] => {
      const cut = broken.length > 0 ? `, ${broken.length} not run to the end` : '';
      return [name.padEnd(52), `${faults.length} of ${run}${cut}`];
    }),
    ['verdict', well ? 'none was found' : 'FAILED'],
  ]);
  return well;
}
